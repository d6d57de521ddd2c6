"""Every error that te_assets raises on purpose. A message says what happened, where, and what to do."""


class TeAssetsError(Exception):
    """Base of all errors that a person can act on; the command line prints its message and exits 1."""


class SettingsError(TeAssetsError):
    """A setting is missing or cannot be used."""


class StackError(TeAssetsError):
    """A local service could not be installed, started, reached or stopped."""


class WorkbookError(TeAssetsError):
    """A file cannot be read as a workbook; nothing of it was sent."""


class ContractError(TeAssetsError):
    """A contract is wrong, or a workbook does not fit it."""


class SiteError(TeAssetsError):
    """The site profile is wrong."""


class DeliveryError(TeAssetsError):
    """Rows could not be carried on without risk of losing or doubling them."""


class OffsetGap(DeliveryError):
    """Offsets are gone from a topic before they were loaded; the gap is on record in the load ledger."""


class BackupError(TeAssetsError):
    """A backup cannot be made, or cannot be restored as it is."""


class LakeError(TeAssetsError):
    """ClickHouse refused, or holds something other than was planned."""


class RobotError(TeAssetsError):
    """The browser robot could not do what its portal file says."""
