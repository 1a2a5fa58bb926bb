"""What an operator may set for an Instagram account."""

from typing import Annotated

from pydantic import Field

from ingest.social.meta_account import Id, MetaSettings


class InstagramSettings(MetaSettings):
    """One professional Instagram account that is connected to a Facebook Page."""

    kind: str = "instagram"
    """Which channel this is."""
    instagram_id: Annotated[Id, Field(examples=["17840000000000001"])]
    """Id of the Instagram account (the Page's `instagram_business_account`)."""
    messages: bool = True
    """Read direct messages too (permission instagram_manage_messages)."""
