"""One search for near-duplicates as a process of its own: `python near_run.py ENGINE THRESHOLD TEXTS PAIRS`.

Reads one text a line, writes one pair of rows a line. The threshold is a likeness (0 to 100) for dslint and a
Jaccard likeness (0 to 1) for the others. Libraries get the same normalised character 4-grams and 128 permutations;
tools with texts of their own reading are set so that they look at short texts at all.
"""

import json
import os
import re
import struct
import sys
import tempfile
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

Pairs = Iterable[tuple[int, int]]

PERMUTATIONS = 128


def dslint(texts: list[str], threshold: float) -> Pairs:
    from dslint.similarity import join

    return ((pair.a, pair.b) for pair in join(texts, threshold=threshold).pairs)


def dslint_exact(texts: list[str], threshold: float) -> Pairs:
    from dslint.similarity import join

    return ((pair.a, pair.b) for pair in join(texts, threshold=threshold, exact=True).pairs)


def grams(text: str) -> set[str]:
    plain = " ".join(re.sub(r"[^\w\s]+", " ", text.lower()).split())
    return {plain[at : at + 4] for at in range(max(1, len(plain) - 3))}


def rensa(texts: list[str], threshold: float) -> Pairs:
    tool = import_module("rensa")
    index = tool.RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=16 if threshold > 0.6 else 32)
    for row, text in enumerate(texts):
        sketch = tool.RMinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update(list(grams(text)))
        yield from ((other, row) for other in index.query(sketch))
        index.insert(row, sketch)


def datasketch(texts: list[str], threshold: float) -> Pairs:
    tool = import_module("datasketch")
    index = tool.MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    for row, text in enumerate(texts):
        sketch = tool.MinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update_batch([gram.encode() for gram in grams(text)])
        yield from ((other, row) for other in index.query(sketch))
        index.insert(row, sketch)


def text_dedup(texts: list[str], threshold: float) -> Pairs:
    """Word bigrams, every text however short; what it calls duplicates of one text are its clusters."""
    with tempfile.TemporaryDirectory() as folder:
        options = {"path": "json", "data_files": str(_lines(texts, folder)), "split": "train", "column": "text"}
        options |= {"output": f"{folder}/kept", "cache_dir": f"{folder}/cache", "num_proc": "2"}
        options |= {"ngram": "2", "min_length": "1", "num_perm": str(PERMUTATIONS), "threshold": f"{threshold}"}
        os.environ["HF_DATASETS_OFFLINE"] = "1"
        tool = import_module("text_dedup.minhash")
        tool.main([part for key, value in options.items() for part in (f"--{key}", value)], standalone_mode=False)
    return ((row, tool.uf.find(row)) for row in range(len(texts)) if tool.uf.find(row) != row)


def datatrove(texts: list[str], threshold: float) -> Pairs:
    """Word bigrams; its own 14 buckets of 8 hashes, which stand for a threshold of 0.72, whatever is asked for."""
    tool = import_module("datatrove.pipeline.dedup.minhash")
    document = import_module("datatrove.data").Document
    import_module("loguru").logger.remove()
    config = tool.MinhashConfig(n_grams=2)
    with tempfile.TemporaryDirectory() as folder:
        documents = (document(text, str(row)) for row, text in enumerate(texts))
        tool.MinhashDedupSignature(f"{folder}/signatures", config, "en").run(documents)
        for bucket in range(config.num_buckets):
            step = tool.MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/found", config=config)
            step.run(None, bucket, config.num_buckets)
        for path in sorted(Path(folder, "found").glob("*.dups")):
            yield from ((a, b) for _, a, _, b in struct.iter_unpack("<4I", path.read_bytes()))


def finelint(texts: list[str], threshold: float) -> Pairs:
    analyzer, models, readers = (import_module(f"finelint.{name}") for name in ("analyzer", "models", "readers"))
    config = models.ScanConfig(fields=["text"], similarity_threshold=threshold, min_text_length=1)
    with tempfile.TemporaryDirectory() as folder:
        _, findings = analyzer.analyze(readers.read_dataset(_lines(texts, folder)), config)
    for finding in findings:
        for match in finding.evidence.get("matches", ()):
            yield match["left_row"] - 1, match["right_row"] - 1


def _lines(texts: list[str], folder: str) -> Path:
    path = Path(folder, "texts.jsonl")
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


ENGINES = {
    "dslint": dslint,
    "dslint-exact": dslint_exact,
    "rensa": rensa,
    "datasketch": datasketch,
    "text-dedup": text_dedup,
    "datatrove": datatrove,
    "finelint": finelint,
}


def main(engine: str, threshold: str, texts: str, pairs: str) -> None:
    lines = Path(texts).read_bytes().split(b"\n")[:-1]
    found = ENGINES[engine]([line.decode() for line in lines], float(threshold))
    with open(pairs, "w", encoding="ascii") as out:
        out.writelines(f"{a}\t{b}\n" for a, b in found)


if __name__ == "__main__":
    main(*sys.argv[1:])
