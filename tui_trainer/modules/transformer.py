"""The Transformer."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn

from tui_trainer.modules.attention import CrossAttention, SelfAttention
from tui_trainer.modules.embedding import Embedding, sinusoids
from tui_trainer.modules.generation import pick
from tui_trainer.modules.parts import Parts
from tui_trainer.modules.recurrent import step_size, steps
from tui_trainer.modules.signature import Signature


class Transformer(nn.Module):
    """Attention over sequences (batch, length, features), images row by row (batch, channels, height, width), or tokens
    (batch, length).

    Which layers it has depends on what is asked. Scores (batch, outputs) for a sample: an encoder, of which the mean,
    the last or the first place is read. Scores (batch, positions, outputs): a decoder, in which no place sees a later
    one; with a source among the tokens, an encoder reads that, and the decoder looks at what it found. Layer norm comes
    first in every sublayer and once more behind the last one. Xiong et al., "On Layer Normalization in the Transformer
    Architecture", 2020.
    """

    def __init__(
        self,
        parts: Parts,
        signature: Signature,
        *,
        d_model: int,
        heads: int,
        encoder_layers: int,
        decoder_layers: int,
        d_ff: int,
        positions: str,
        readout: str,
    ) -> None:
        super().__init__()
        self._source, self._positions, self._readout = signature.source, signature.positions, readout
        self.context = sequence_length(signature.inputs)
        self.embedding = (
            Embedding(signature.vocabulary, d_model)
            if signature.is_text
            else parts.linear(step_size(signature.inputs), d_model)
        )
        longest = max(self._source, self.context - self._source)
        self.places = Places(longest, d_model, positions) if positions != "none" else None
        self.dropout = parts.dropout()

        def stack(layers: int, *, causal: bool = False, cross: bool = False) -> nn.ModuleList:
            make = (TransformerLayer(parts, d_model, heads, d_ff, causal=causal, cross=cross) for _ in range(layers))
            return nn.ModuleList(make)

        writes = signature.positions > 0
        self.encoder = stack(encoder_layers) if signature.source or not writes else None
        self.encoder_norm = nn.LayerNorm(d_model) if self.encoder is not None else None
        self.decoder = stack(decoder_layers, causal=True, cross=signature.source > 0) if writes else None
        self.decoder_norm = nn.LayerNorm(d_model) if self.decoder is not None else None
        self.output = parts.linear(d_model, signature.outputs)

    def forward(self, x: Tensor) -> Tensor:
        vectors = self.embedding(steps(x))
        source, target = vectors[:, : self._source], vectors[:, self._source :]
        memory = None
        if self.encoder is not None and self.encoder_norm is not None:
            memory = self._pass(self.encoder, self.encoder_norm, source if self._source else target)
        if self.decoder is not None and self.decoder_norm is not None:
            states = self._pass(self.decoder, self.decoder_norm, target, memory)[:, -self._positions :]
        else:
            assert memory is not None, "there is an encoder or a decoder"
            states = self._read(memory)
        scores: Tensor = self.output(states)
        return scores

    @torch.no_grad()
    def generate(
        self, x: Tensor, length: int, temperature: float = 0.0, generator: torch.Generator | None = None
    ) -> Tensor:
        """The `length` tokens (batch, length) with which it goes on behind the tokens `x` (batch, …).

        With a source, `x` is that and what the decoder is shown first. At temperature 0 always the likeliest token,
        else drawn from `generator`. In evaluation mode only. Raises ValueError where a target would be longer than
        those it is made for; a text may become as long as you like, of which it sees the end.
        """
        if self._source and x.shape[1] + length > self.context + 1:
            raise ValueError(f"it writes at most {self.context - self._source} tokens")
        tokens = x
        for _ in range(length):
            scores = self(tokens[:, -self.context :])[:, -1]
            tokens = torch.cat([tokens, pick(scores, temperature, generator)[:, None]], dim=1)
        return tokens[:, x.shape[1] :]

    def _pass(self, layers: nn.ModuleList, norm: nn.Module, x: Tensor, memory: Tensor | None = None) -> Tensor:
        """Through a stack of layers: (batch, length, d_model)."""
        if self.places is not None:
            x = x + self.places(x.shape[1])
        if self.dropout is not None:
            x = self.dropout(x)
        for layer in layers:
            x = layer(x, memory)
        normed: Tensor = norm(x)
        return normed

    def _read(self, states: Tensor) -> Tensor:
        if self._readout == "mean":
            return states.mean(dim=1)
        return states[:, -1 if self._readout == "last" else 0]


class TransformerLayer(nn.Module):
    """Attention of a sequence to itself, with `cross` also to another one, then two dense layers at each place.

    From (batch, length, d_model) to the same; what each of them finds, thinned out by dropout, is added to its input.
    """

    def __init__(
        self, parts: Parts, d_model: int, heads: int, d_ff: int, *, causal: bool = False, cross: bool = False
    ) -> None:
        super().__init__()
        self.attention = SelfAttention(parts, d_model, heads, causal=causal)
        self.cross = CrossAttention(parts, d_model, heads) if cross else None
        self.dense = _dense(parts, d_model, d_ff)
        self.dropout = parts.dropout()

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        x = x + self._thinned(self.attention(x))
        if self.cross is not None:
            x = x + self._thinned(self.cross(x, memory))
        return x + self._thinned(self.dense(x))

    def _thinned(self, x: Tensor) -> Tensor:
        return x if self.dropout is None else self.dropout(x)


def _dense(parts: Parts, d_model: int, d_ff: int) -> nn.Sequential:
    members = {
        "before": nn.LayerNorm(d_model),
        "linear": parts.linear(d_model, d_ff),
        "norm": parts.norm(d_ff),
        "activation": parts.activation(),
        "out": parts.linear(d_ff, d_model),
    }
    return nn.Sequential(OrderedDict((name, member) for name, member in members.items() if member is not None))


class Places(nn.Module):
    """A vector for each place of a sequence, which tells attention what stands where: fixed waves, or learned."""

    waves: Tensor

    def __init__(self, length: int, size: int, kind: str) -> None:
        super().__init__()
        self.learned = Embedding(length, size) if kind == "learned" else None
        if self.learned is None:
            self.register_buffer("waves", sinusoids(length, size), persistent=False)

    def forward(self, length: int) -> Tensor:
        """The vectors (1, length, size) of the first so many places."""
        if self.learned is None:
            return self.waves[None, :length]
        places: Tensor = self.learned(torch.arange(length, device=self.learned.weight.device)[None])
        return places


def sequence_length(inputs: tuple[int, ...]) -> int:
    """Steps of samples of the shape (channels, height, width), (length, features) or (length,)."""
    return inputs[1] if len(inputs) == 3 else inputs[0]
