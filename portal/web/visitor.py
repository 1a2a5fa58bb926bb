"""Who is looking: set on the request by the guard of a route, nobody otherwise."""

from dataclasses import dataclass

from fastapi import Request

from cases.rights import Right, rights_of


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is signed in."""

    id: int
    login: str
    name: str
    roles: tuple[str, ...]
    department: str | None

    @property
    def actor(self) -> str:
        """As events name who did it."""
        return f"staff:{self.login}"

    def may(self, right: Right) -> bool:
        return right in rights_of(self.roles)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever asks for this page. ``token`` goes into every form of somebody signed in."""

    staff: Staff | None = None
    token: str = ""

    def may(self, right: str) -> bool:
        return self.staff is not None and self.staff.may(Right(right))


NOBODY = Visitor()


def visitor(request: Request) -> Visitor:
    """Whoever the route's guard found; on open routes and error pages nobody."""
    found: Visitor = getattr(request.state, "visitor", NOBODY)
    return found
