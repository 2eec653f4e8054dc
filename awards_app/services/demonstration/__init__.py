"""The demonstration: the real palmarès, a past edition, the current one with each region in another phase."""

from dataclasses import dataclass

from awards_app.services.demonstration.load import load_demonstration
from awards_app.services.demonstration.scene import PASSWORD, ROLES, Role, role_of

__all__ = ["PASSWORD", "ROLES", "Role", "SignIns", "load_demonstration", "role_of", "sign_ins"]


@dataclass(frozen=True, slots=True)
class SignIns:
    """One sign-in per role; as text, a line each."""

    roles: tuple[Role, ...]
    password: str

    def __str__(self) -> str:
        width = max(len(role.title) for role in self.roles)
        lines = [f"{role.title:<{width}}  {role.email}" for role in self.roles]
        return "\n".join(
            [*lines, f"Mot de passe de chacun : {self.password}", "Entrée sans mot de passe : /demonstration"]
        )


def sign_ins() -> SignIns:
    """Return whom a visitor may enter as."""
    return SignIns(ROLES, PASSWORD)
