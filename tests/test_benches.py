"""The benches run: every line of them on a processor, and what they keep can be read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from bench import gpu, overhead
from bench.figures import RESULTS, Figures, percentile
from bench.pipelines import BUILDERS


@pytest.mark.parametrize(("percent", "expected"), [(0, 1.0), (50, 3.0), (95, 4.8), (100, 5.0)])
def test_a_percentile_lies_between_its_neighbours(percent: float, expected: float) -> None:
    assert percentile([5, 3, 1, 2, 4], percent) == pytest.approx(expected)


def test_a_figure_says_where_it_comes_from_and_is_kept_at_once(tmp_path: Path) -> None:
    figures = Figures("trial", tmp_path)
    assert figures.timed("a picture", [0.3, 0.1, 0.2], goal=250) == 0.2
    figures.add("memory", 1.23456, "GiB")
    first, second = map(json.loads, (tmp_path / "trial.jsonl").read_text().splitlines())
    assert (first["value"], first["unit"], first["p95"], first["runs"], first["goal"]) == (200, "ms", 290, 3, 250)
    assert second["value"] == 1.235
    assert first.keys() >= {"bench", "date", "machine", "versions", "command"}
    assert "a picture | 200 ms" in figures.table()
    with pytest.raises(ValueError, match="is nan, which is no figure"):
        figures.add("nothing", float("nan"), "s")


def test_every_kept_figure_is_whole() -> None:
    for file in RESULTS.glob("*.jsonl"):
        for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            assert {"what", "value", "unit", "bench", "date", "machine", "versions", "command"} <= line.keys()
            assert line["bench"] == file.stem and "/" not in line["command"]


@pytest.mark.parametrize(
    ("name", "part", "billions"),
    [
        ("sdxl", "unet", 2.57),
        ("sdxl", "text_encoder_2", 0.69),
        ("flux2-klein", "transformer", 3.88),
        ("flux2-klein", "text_encoder", 4.02),
        ("z-image-turbo", "transformer", 6.15),
    ],
)
def test_the_full_shapes_have_as_many_parameters_as_the_published_models(name: str, part: str, billions: float) -> None:
    with torch.device("meta"):
        network = getattr(BUILDERS[name]("full"), part)
    assert sum(one.numel() for one in network.parameters()) / 1e9 == pytest.approx(billions, abs=0.01)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_gpus_bench_runs_on_a_processor_line_by_line(tmp_path: Path) -> None:
    gpu.main(["--scale", "tiny", "--runs", "1", "--people", "2", "--results", str(tmp_path)])
    kept = [json.loads(line)["what"] for line in (tmp_path / "gpu.jsonl").read_text().splitlines()]
    for part in ("sdxl-turbo", "sdxl", "flux2-klein", "z-image-turbo", "realesrgan"):
        assert any(what.startswith(part) and what.endswith(": Easel over the floor") for what in kept), part
    for figure in ("edit of one picture: Easel", "float8 alone", "Stop to the job's end", "2 people", "batch of 8"):
        assert any(figure in what for what in kept), figure
    assert sum("in the place of another" in what for what in kept) == 3


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_overhead_of_the_product_is_measured_with_a_worker_process(tmp_path: Path) -> None:
    few = ["--runs", "1", "--people", "2", "--rounds", "1", "--scale", "tiny", "--side", "64"]
    overhead.main([*few, "--results", str(tmp_path)])
    kept = [json.loads(line)["what"] for line in (tmp_path / "overhead.jsonl").read_text().splitlines()]
    for painter in ("embedded", "replica"):
        assert f"{painter}: turn over script, sped up" in kept
        assert any(what.startswith(painter) and "files read from the disk" in what for what in kept)
    assert "replica: Stop to the job's end" in kept
