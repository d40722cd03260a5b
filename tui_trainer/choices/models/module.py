"""A network of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui_trainer.choices.base import setting
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.choices.models.base import Model, ModelError

if TYPE_CHECKING:
    from torch import nn

    from tui_trainer.modules.parts import Parts
    from tui_trainer.modules.signature import Signature

_NAME = "[A-Za-z_][A-Za-z0-9_]*"


class _Permission:
    """Whether code of the person's own may run in this process: only its command line can say so."""

    given = False


def allow_code() -> None:
    """Lets this process run the functions that experiments name."""
    _Permission.given = True


class Module(Model):
    """A network of your own: what a Python function of yours returns, if the command line says --allow-code.

    The function is called with the shape of a sample, such as (1, 28, 28), and the number of outputs, and returns an
    nn.Module that makes scores (batch, outputs) of a batch (batch, *shape). It is looked for in the folder in which the
    program was started and among the installed packages, anew for each run. Activation, dropout and norms are its own
    business; its weights get their initial values as those of other models do: what has two dimensions or more is drawn
    as the initialization says, biases are zero, all else stays as the function made it.
    """

    kind: Literal["module"] = "module"
    activated = False

    function: str = setting(
        "my_model:build",
        max_length=200,
        pattern=rf"^{_NAME}(\.{_NAME})*:{_NAME}$",
        help="The function that makes the network, as module:function or package.module:function.",
    )

    def misses(self, given: Given) -> str:
        return "" if _Permission.given else "--allow-code"

    def check(self, signature: Signature) -> None:
        self.check_code()

    def check_code(self) -> None:
        if not _Permission.given:
            raise ModelError(
                f"{self.function} is code of your own, and runs only if the program is started with --allow-code",
                "function",
            )

    def build(self, parts: Parts, signature: Signature) -> nn.Module:
        from tui_trainer.modules.own import OwnCodeError, make

        self.check_code()  # here too, so that whoever builds it cannot forget to ask
        scores = (signature.positions, signature.outputs) if signature.positions else (signature.outputs,)
        try:
            return make(self.function, signature.inputs, signature.outputs, scores, text=signature.is_text)
        except OwnCodeError as error:
            raise ModelError(str(error), "function") from None

    def shape(self, given: Given = UNKNOWN) -> str:
        return self.function
