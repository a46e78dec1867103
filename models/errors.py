"""What can go wrong with a neural network, in sentences a person can act on.

Two kinds, told apart by `fixable`: a *fixable* error goes back to the language model, which may try once more with
other arguments; a *final* one goes to the person. Anything that is not a `ModelError` is a bug and propagates.

    ModelError                 final
    ├── BadRequest             fixable: the recipe asks for what this preset cannot do (size, count, operation)
    ├── UnknownPreset          fixable: no preset of that name, or none that serves the operation
    ├── WeightsMissing         final: the weights are not on this machine, or their hash is not the known one
    ├── Unfetched              final: the hub does not give the weights, or gives other bytes than it says
    ├── LicenceUnaccepted      final: nobody agreed to the weights' licence on this machine yet
    ├── CannotChat             final: the language model takes no tools, or refuses the conversation
    ├── OutOfMemory            final: the device has too little memory, even in the leanest mode
    └── Stopped                final: the person asked to stop
"""

from __future__ import annotations


class ModelError(Exception):
    """Base of every expected failure in `models`; `str(error)` is one sentence for people."""

    fixable = False


class BadRequest(ModelError):
    """The recipe asks for something that the preset cannot do."""

    fixable = True


class UnknownPreset(ModelError):
    """No preset of that name, or none that serves the operation."""

    fixable = True


class WeightsMissing(ModelError):
    """A weights file is missing, or its SHA-256 is not the one in the manifest."""


class Unfetched(ModelError):
    """The hub does not give the weights, or gives other bytes than it says."""


class LicenceUnaccepted(ModelError):
    """The weights are under a licence that a person must agree to first, and nobody did on this machine."""


class CannotChat(ModelError):
    """A local language model takes no tools, or its chat template or length does not fit the conversation."""


class OutOfMemory(ModelError):
    """The device ran out of memory and no leaner mode is left."""


class Stopped(ModelError):
    """The person pressed Stop; raised within one sampling step of the request."""
