"""An image with Perl and nothing else, from this machine's own files: made in a moment, without any network."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from te_assets_tests.docker.client import Client

TAG = "te-tiny"
PERL = Path("/usr/bin/perl")
SERVER = """
use IO::Socket::INET;
$| = 1;
my $server = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die $!;
$SIG{TERM} = sub { exit 0 };
print "listening\\n";
while (my $client = $server->accept) {
    my $said = <$client>;
    print $client "you said $said";
    close $client;
}
"""
"""Answers one line with another on port 8000."""


def make_tiny(client: Client) -> str:
    """Import it; its tag."""
    needed = subprocess.run(["ldd", str(PERL)], capture_output=True, text=True, check=True).stdout
    files = [PERL, *(Path(word) for word in needed.split() if word.startswith("/"))]
    modules = subprocess.run([str(PERL), "-e", 'print "@INC"'], capture_output=True, text=True, check=True).stdout
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", dereference=True) as archive:
        for path in (*files, *(Path(folder) for folder in modules.split() if folder.endswith("/perl-base"))):
            archive.add(path)
    client.docker("import", "-", TAG, input=packed.getvalue())
    return TAG
