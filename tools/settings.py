"""What a person may set: `EASEL_*` variables first, then `easel.toml`, then these defaults.

`easel.toml` is read from the working folder, else from the user's config folder (`EASEL_CONFIG` names another). One
`Settings` value is made at the top (`ui/`) or in the worker process and handed down; nothing below reads the
environment.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, cast

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    SecretStr,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from models.presets import Presets, tiers
from tools.paths import expanded

if TYPE_CHECKING:
    from tools.tiers import Choice


class _Table(BaseModel):
    """Settings of a table; a name that it has not is an error, as it is at the top."""

    model_config = ConfigDict(extra="forbid")


class PresetChoice(_Table):
    """The preset that serves each operation when the request names none."""

    generate: str = "embedded"
    edit: str = "embedded"
    vary: str = "embedded"
    upscale: str = "embedded"
    look: str = "embedded"

    @field_validator("look")
    @classmethod
    def _nobody_is_ours(cls, name: str) -> str:
        return name or "embedded"


PIXELS = 40_000_000
"""The most pixels of an upload or a result, where the settings say nothing else."""


class Limits(_Table):
    """Bounds that protect the machine; each is named in the sentence that refuses."""

    message_chars: int = Field(default=4000, ge=1)
    upload_bytes: int = Field(default=20 * 2**20, ge=1)
    upload_pixels: int = Field(default=PIXELS, ge=1)
    result_pixels: int = Field(default=PIXELS, ge=1)
    uploads_per_turn: int = Field(default=4, ge=1)
    calls_per_turn: int = Field(default=8, ge=1)
    seconds_per_job: FiniteFloat = Field(default=600.0, gt=0)


class RayCluster(_Table):
    """Where and how wide Ray runs the painters, for `workers = "ray"`; `docs/scaling.md` explains each.

    Attributes:
        address: `host:port` of a cluster that runs already; empty starts Ray on this machine, and ends it again.
        replicas: Painters of each model family that are always there.
        most: As many of each when there is much to do; below `replicas` it means `replicas`.
        gpus: GPUs that one painter takes, 0.5 shares one; None is 1 where the cluster has any and `device` may use it.
        cpus: Processors that one painter takes, and computes with where `threads` is 0.
        store: Shared memory for pictures on their way, in MiB, where Ray is started here.
    """

    address: str = ""
    replicas: int = Field(default=1, ge=0)
    most: int = Field(default=1, ge=1)
    gpus: FiniteFloat | None = Field(default=None, ge=0)
    cpus: FiniteFloat = Field(default=1.0, gt=0)
    store: int = Field(default=256, ge=75)

    @property
    def widest(self) -> int:
        """The most painters of one family."""
        return max(self.replicas, self.most)


def config_path() -> Path:
    """Where `easel.toml` is looked for: `EASEL_CONFIG`, else the working folder, else the user's config folder."""
    named = os.environ.get("EASEL_CONFIG")
    if named:
        return expanded(Path(named))
    here = Path("easel.toml")
    return here if here.exists() else Path(platformdirs.user_config_dir("easel", appauthor=False)) / "easel.toml"


class Settings(BaseSettings):
    """All settings. Nested ones are written `EASEL_PRESET__GENERATE=…` or as TOML tables; an empty one counts as unset.

    Attributes:
        data: Folder of the SQLite database and secrets; `~` is the person's own folder.
        database: Address of a PostgreSQL database; empty for the SQLite file in the data folder.
        llm: `embedded`, a LangChain name such as `openai:gpt-…`, `ollama:…`, `anthropic:…`, the address of a server
            that speaks OpenAI's protocol (`http://127.0.0.1:8080/v1`, with `#name` where it has several models), or
            `local:` and a folder or hub id.
        llm_timeout: Seconds a provider may be silent.
        llm_fallback: The language model that answers when `llm` does not, named in the same ways; empty for none.
        llm_key: The key for an address in `llm`; providers read their own variables.
        llm_context: Tokens that Ollama's models read at once, as it would cut a long conversation at 4,096 without a
            word; 0 leaves it to Ollama.
        llm_sees: Whether `llm` takes pictures; None believes what LangChain knows of it.
        preset: The preset per operation; what is not named comes from the tier.
        judges: Presets that judge words or pixels beside the filters that ship; a list, or names between commas.
        tier: Presets by the memory of the GPU in GB; `cpu` is what ships, `auto` what suits this machine and is on it
            (`tools.tiers`). It is not the default: what paints should not change with what other programs put into
            the hub's cache, nor take a GPU that they use, before a person says so.
        offline: Whether weights are only fetched by `easel models pull`; else also when they are first needed.
        device: `auto`, `cpu`, or a torch device such as `cuda:0`.
        compile: Whether a GPU's presets that gain by it are compiled: their first picture takes a minute or more
            longer, and so does the first of another size; each later one is painted faster.
        threads: Torch threads of the worker; 0 means all cores. Small networks take one (`models.threads`).
        workers: `process` is one worker process on this machine; `ray` paints with replicas in Ray Serve.
        ray: Ray's own settings.
        host, port: Where the web app listens.
        origin: The page's address in browsers where a proxy stands before it, such as `https://easel.example.org`.
        limits: Bounds.
    """

    model_config = SettingsConfigDict(
        env_prefix="EASEL_", env_nested_delimiter="__", env_ignore_empty=True, extra="forbid"
    )

    data: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("easel", appauthor=False)))
    database: SecretStr = SecretStr("")
    llm: str = "embedded"
    llm_timeout: FiniteFloat = Field(default=60.0, gt=0)
    llm_fallback: str = ""
    llm_key: SecretStr | None = None
    llm_context: int = Field(default=16384, ge=0)
    llm_sees: bool | None = None
    preset: PresetChoice = PresetChoice()
    judges: Annotated[tuple[str, ...], NoDecode] = ()
    tier: Literal["cpu", "8", "24", "80", "auto"] = "cpu"
    offline: bool = True
    device: str = "auto"
    compile: bool = False
    threads: int = Field(default=0, ge=0, le=1024)
    workers: Literal["process", "ray"] = "process"
    ray: RayCluster = RayCluster()
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    origin: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    limits: Limits = Limits()

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        named = cast("Mapping[str, object]", values)
        return {name: value for name, value in named.items() if value != ""}

    @field_validator("data")
    @classmethod
    def _from_their_own_folder(cls, data: Path) -> Path:
        if not str(data).strip():
            raise ValueError("must name a folder")
        return expanded(data)

    @field_validator("origin")
    @classmethod
    def _as_browsers_write_it(cls, origin: str) -> str:
        shown = origin.lower().rstrip("/")
        if shown and not re.fullmatch(r"https?://([\w.-]+|\[[\da-f:.]+\])(:\d+)?", shown):
            raise ValueError("is no address of a page; write it like https://easel.example.org")
        return shown

    @field_validator("device")
    @classmethod
    def _on_this_machine(cls, device: str) -> str:
        if device.lower().partition(":")[0] == "mps" and sys.platform != "darwin":
            raise ValueError("names the GPU of a Mac, which this machine is not; take auto, cpu or cuda:0")
        return device

    @field_validator("tier", mode="before")
    @classmethod
    def _number_of_a_tier(cls, tier: object) -> object:
        return str(tier) if isinstance(tier, int) else tier

    @field_validator("judges", mode="before")
    @classmethod
    def _names_between_commas(cls, value: object) -> object:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _presets_of_the_tier(self) -> Self:
        named = {name: getattr(self.preset, name) for name in self.preset.model_fields_set}
        if len(named) < len(PresetChoice.model_fields):
            chosen = tiers()[self.tier] if self.tier != "auto" else self.suited().presets
            self.preset = PresetChoice.model_validate({**chosen, **named})
        return self

    def suited(self) -> Choice:
        """What `tier = auto` chooses on this machine; the driver is asked, and the hub's cache looked at."""
        from tools.tiers import choose, usable_gpus

        return choose(usable_gpus(self.device), Presets.load(), offline=self.offline)

    @property
    def models(self) -> Path:
        """The person's own upscalers and LoRAs, and the licences that were agreed to."""
        return self.data / "models"

    @property
    def library(self) -> Path | str:
        """Where everything is kept, for `Library.open`: the SQLite file, or an address, which may hold a password."""
        return self.database.get_secret_value() or self.data / "easel.db"

    def with_library_in(self, folder: Path) -> Self:
        """The same settings with a library of their own, for what is not to be kept among a person's sessions."""
        return self.model_copy(update={"data": folder, "database": SecretStr("")})

    @field_serializer("database", when_used="json")
    def _handed_down(self, database: SecretStr) -> str:
        """Whole: as JSON, settings go to the worker's standard input and nowhere else."""
        return database.get_secret_value()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_path())
