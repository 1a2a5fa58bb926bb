"""Reading a request's body without trusting its length."""

from fastapi import HTTPException, Request


async def bounded(request: Request, largest: int) -> bytes:
    """The whole body. Raises HTTPException 413 as soon as it is longer than ``largest`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise HTTPException(413)
    return bytes(body)
