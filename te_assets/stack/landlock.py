"""Confines this process to a list of folders with Landlock (Linux ≥ 5.13), for the rest of its life.

Needs the standard library alone and no package around it: the engine's process loads it by path.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
PR_SET_NO_NEW_PRIVS = 38
VERSION_FLAG = 1
RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE = 1 << 14
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
READ = READ_FILE | READ_DIR
ALL_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1}
ALL_LATEST = (1 << 15) - 1


class PathBeneath(ctypes.Structure):
    """One rule: rights below a file or folder."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("descriptor", ctypes.c_int32))


def abi() -> int:
    """Version of Landlock that the kernel offers; 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(_libc().syscall(CREATE_RULESET, None, 0, VERSION_FLAG)))


def confine(read: Iterable[str], write: Iterable[str]) -> int:
    """Leave this process and its children only these paths; nothing is executable.

    Args:
        read: Files and folders to read. What does not exist is passed over.
        write: Files and folders to read and change.

    Returns:
        The kernel's Landlock version; 0: there is none and nothing is confined.

    Raises:
        OSError: The kernel refused.
    """
    version = abi()
    if version == 0:
        return 0
    libc = _libc()
    every = ALL_BY_ABI.get(version, ALL_LATEST)
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(ctypes.c_uint64(every)), 8, 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    for paths, rights in ((read, READ), (write, every & ~EXECUTE)):
        for path in filter(os.path.exists, paths):
            descriptor = os.open(path, os.O_PATH)
            allowed = rights if os.path.isdir(path) else rights & FILE_RIGHTS & every  # noqa: PTH112
            rule = PathBeneath(allowed, descriptor)
            if libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0):
                raise OSError(ctypes.get_errno(), "landlock_add_rule", path)
            os.close(descriptor)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(RESTRICT_SELF, ruleset, 0):
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    os.close(ruleset)
    return version


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
