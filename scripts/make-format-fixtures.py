#!/usr/bin/env python3
"""Makes test/fixtures/formats with the real numpy, scipy and gymnasium: what the readers must read.

    pip install numpy scipy gymnasium
    python scripts/make-format-fixtures.py
"""

import io
import json
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

import gymnasium
import numpy as np
import scipy.sparse

OUT = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "formats"

STATES, ACTIONS = 5, 3
TERMINAL = [4]
DISCOUNT = 0.9
# (state, action): [(next, probability)], probabilities exact in every float type.
ROWS = {
    (0, 0): [(1, 0.25), (3, 0.75)],
    (0, 1): [(0, 0.5), (2, 0.125), (4, 0.375)],
    (0, 2): [(2, 1.0)],
    (1, 0): [(0, 0.5), (1, 0.5)],
    (1, 2): [(4, 1.0)],
    (2, 1): [(3, 0.0625), (0, 0.9375)],
    (2, 2): [(2, 1.0)],
    (3, 0): [(4, 0.25), (1, 0.25), (0, 0.5)],
    (3, 1): [(3, 1.0)],
    (3, 2): [(0, 0.5), (4, 0.5)],
}
# -inf where (state, action) is missing above; (3, 1) is a row that the reward alone makes infeasible.
REWARD = np.array(
    [[1.0, -2.0, 0.5], [4.0, -np.inf, 8.0], [-np.inf, 0.25, -1.0], [3.0, -np.inf, 2.0], [-np.inf] * 3]
)


def csr_parts(rows=ROWS, indices_dtype=np.int32, data_dtype=np.float64):
    indptr, indices, data = [0], [], []
    for state in range(STATES):
        for action in range(ACTIONS):
            for target, probability in rows.get((state, action), []):
                indices.append(target)
                data.append(probability)
            indptr.append(len(indices))
    return {
        "indptr": np.array(indptr, indices_dtype),
        "indices": np.array(indices, indices_dtype),
        "data": np.array(data, data_dtype),
        "shape": np.array([STATES * ACTIONS, STATES]),
        "format": np.array(b"csr"),
    }


def rest(reward=REWARD, **more):
    return {"reward": reward, "discount": np.float64(DISCOUNT), "terminal": np.array(TERMINAL), **more}


def scipy_archive(compressed):
    parts = csr_parts()
    matrix = scipy.sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(parts["shape"]))
    matrix.sort_indices()
    file = io.BytesIO()
    scipy.sparse.save_npz(file, matrix, compressed=compressed)
    return file


def append(file, arrays, compression):
    """More arrays in an archive that stands already, as one adds a reward to what save_npz wrote."""
    with zipfile.ZipFile(file, "a", compression) as archive:
        for name, array in arrays.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asanyarray(array))


def models():
    for compressed, name in [(False, "scipy-stored.npz"), (True, "scipy-compressed.npz")]:
        file = scipy_archive(compressed)
        append(file, rest(), zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED)
        (OUT / name).write_bytes(file.getvalue())

    np.savez(OUT / "fortran.npz", **csr_parts(), **rest(np.asfortranarray(REWARD)))
    np.savez_compressed(OUT / "int8-float32.npz", **csr_parts(indices_dtype=np.int8, data_dtype=np.float32), **rest(REWARD.astype(np.float32)))
    np.savez(OUT / "int64-float16.npz", **csr_parts(indices_dtype=np.int64, data_dtype=np.float16), **rest(REWARD.astype(np.float16)))
    np.savez(OUT / "uint16.npz", **csr_parts(indices_dtype=np.uint16), **rest(np.where(np.isinf(REWARD), -np.inf, REWARD), objective=np.array("maximize")))
    np.savez(
        OUT / "big-endian.npz",
        **{**csr_parts(indices_dtype=">i4", data_dtype=">f8"), "shape": np.array([STATES * ACTIONS, STATES], ">i8"), "format": np.array("csr", ">U3")},
        **rest(REWARD.astype(">f8"), initial=np.array([0.5, 0, 0.5, 0, 0], ">f4")),
    )
    # Columns backwards, and every branch in two halves.
    unsorted = {row: list(reversed(branches)) for row, branches in ROWS.items()}
    np.savez(OUT / "unsorted.npz", **csr_parts(unsorted), **rest(initial=np.int64(2)))
    halves = {row: [(target, p / 2) for target, p in branches + branches] for row, branches in ROWS.items()}
    mask = np.zeros(STATES, bool)
    mask[TERMINAL] = True
    np.savez(OUT / "duplicates.npz", **{**csr_parts(halves), **rest(), "terminal": mask})
    np.savez(OUT / "minimize.npz", **csr_parts(), **rest(-REWARD, objective=np.array("minimize")))
    labelled = {"state_labels": np.array(["a", "b", "ç", "d", "end"]), "action_labels": np.array([10, 20, 30])}
    np.savez(OUT / "labels.npz", **csr_parts(), **rest(**labelled))
    (OUT / "zip64-directory.npz").write_bytes(zip64({**csr_parts(), **rest()}))

    dense = np.zeros((STATES, ACTIONS, STATES))
    for (state, action), branches in ROWS.items():
        for target, probability in branches:
            dense[state, action, target] += probability
    infeasible = np.isinf(REWARD)
    expected = {
        "transition": [[None if infeasible[s, a] else dense[s, a].tolist() for a in range(ACTIONS)] for s in range(STATES)],
        "reward": [[None if infeasible[s, a] else REWARD[s, a] for a in range(ACTIONS)] for s in range(STATES)],
        "terminal": TERMINAL,
        "discount": DISCOUNT,
    }
    (OUT / "expected-model.json").write_text(json.dumps(expected) + "\n")


def zip64(arrays):
    """An archive whose directory and end record are in the zip64 form that files beyond 4 GiB have."""
    out, central, none = bytearray(), bytearray(), 0xFFFFFFFF
    for name, array in arrays.items():
        file = io.BytesIO()
        np.lib.format.write_array(file, np.asanyarray(array))
        content, path = file.getvalue(), (name + ".npy").encode()
        crc, offset = zlib.crc32(content), len(out)
        extra = struct.pack("<HHQQ", 1, 16, len(content), len(content))
        out += struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 33, crc, none, none, len(path), len(extra)) + path + extra + content
        extra = struct.pack("<HHQQQ", 1, 24, len(content), len(content), offset)
        central += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 0, 0, 33, crc, none, none, len(path), len(extra), 0, 0, 0, 0, none)
        central += path + extra
    start = len(out)
    out += central
    end64, n = len(out), len(arrays)
    out += struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, n, n, len(central), start)
    out += struct.pack("<IIQI", 0x07064B50, 0, end64, 1)
    out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, none, none, 0)
    np.load(io.BytesIO(bytes(out)))["data"]  # numpy reads it too
    return bytes(out)


def arrays():
    """Every dtype, byte order, layout and header version, with the values they hold."""
    values = np.array([[0, 1, 2], [3, 100, 127]])
    found, expected = {}, {}
    for dtype in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]:
        for order in "<>" if dtype[1] != "1" else "|":
            for layout in "CF":
                name = f"{'big' if order == '>' else 'little'}-{dtype}-{layout}"
                found[name] = np.array(values, order.replace("|", "") + dtype, order=layout)
                expected[name] = values.tolist()
    found["negative-i8"] = np.array([-1, -(2**53) + 1, 2**53 - 1])
    expected["negative-i8"] = [-1, -(2**53) + 1, 2**53 - 1]
    found["bool"] = np.array([True, False])
    expected["bool"] = [1, 0]
    found["half"] = np.array([0.5, -2.0, 65504, 6e-08, 0.333251953125], np.float16)
    expected["half"] = [float(x) for x in found["half"]]
    found["scalar"] = np.float64(0.1)
    expected["scalar"] = 0.1
    found["cube-F"] = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
    expected["cube-F"] = found["cube-F"].tolist()
    found["unicode"] = np.array(["a", "ünï", "😀"])
    expected["unicode"] = ["a", "ünï", "😀"]
    found["bytes"] = np.array([b"csr", b"x"])
    expected["bytes"] = ["csr", "x"]
    found["empty"] = np.zeros((0, 3))
    expected["empty"] = []
    found["version-2"] = found["version-3"] = np.arange(3.0)
    expected["version-2"] = expected["version-3"] = [0.0, 1.0, 2.0]
    with zipfile.ZipFile(OUT / "arrays.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in found.items():
            file = io.BytesIO()
            version = {"version-2": (2, 0), "version-3": (3, 0)}.get(name)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                np.lib.format.write_array(file, np.asanyarray(array), version)
            archive.writestr(zipfile.ZipInfo(name + ".npy"), file.getvalue(), zipfile.ZIP_DEFLATED)
    (OUT / "expected-arrays.json").write_text(json.dumps(expected) + "\n")

    refused = {
        "longdouble": np.zeros(2, np.longdouble),
        "complex": np.zeros(2, complex),
        "objects": np.array([{}, None]),
        "dates": np.zeros(2, "datetime64[s]"),
        "records": np.zeros(2, [("x", "f8"), ("y", "i4")]),
        "beyond": np.array([2**53 + 1]),
        "fractions": np.array([0.5]),
        "wide": np.array([2**31]),
    }
    np.savez_compressed(OUT / "refused-arrays.npz", **refused)


def plain(value):
    """numpy's numbers as Python's."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value.item() if isinstance(value, np.generic) else value


def tables():
    for name, spec, options in [
        ("frozen-lake", "FrozenLake-v1", {"map_name": "4x4", "is_slippery": True}),
        ("cliff-walking", "CliffWalking-v1", {}),
        ("taxi", "Taxi-v4", {}),
    ]:
        table = plain(gymnasium.make(spec, **options).unwrapped.P)
        text = json.dumps(table if name == "cliff-walking" else {"P": table}, separators=(",", ":"))
        (OUT / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    models()
    arrays()
    tables()
    for path in sorted(OUT.iterdir()):
        print(f"{path.stat().st_size:8d} {path.name}")
