"""A moment to stand still at, and a gateway to each stand-in provider."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime

import pytest
import structlog
from peers.http_provider import HttpProvider, Pair, Shape

from workers.gateways.contract import Gateway, GatewayContext, GatewayDeclaration


@pytest.fixture
def context(now: datetime) -> GatewayContext:
    return GatewayContext(structlog.get_logger(), lambda: now)


@pytest.fixture
def pair(context: GatewayContext) -> Iterator[Pair]:
    """``pair(declaration, shape, **options)``: a gateway, and the provider that it speaks to."""
    with ExitStack() as stack:

        def opened(
            declaration: GatewayDeclaration, shape: Shape, **options: object
        ) -> tuple[Gateway, HttpProvider]:
            provider = stack.enter_context(HttpProvider(shape))
            settings = declaration.settings.model_validate(
                {"base_url": provider.url, "timeout_seconds": 5} | options
            )
            gateway = stack.enter_context(closing(declaration.open(settings, context)))
            return gateway, provider

        yield opened
