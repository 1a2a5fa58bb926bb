"""What an operator may set for a Facebook Page."""

from pydantic import ConfigDict

from ingest.social.meta_account import MetaSettings


class FacebookSettings(MetaSettings):
    """One Facebook Page."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    kind: str = "facebook"
    """Which channel this is."""
    messages: bool = True
    """Read the Page's Messenger conversations too (permission pages_messaging)."""
