"""Writes which cells TensorFlow's nearest resizing takes, for the tests of org.cam4j.plan and org.cam4j.engine.

Needs TensorFlow 2.21. Run without arguments; writes nearest.txt to ../resources/preparation beside this file. Each line is a case, numbers
apart by spaces: cells read, cells written, and for each of those written the cell that tf.image.resize(method="nearest") takes. The
cases are all of up to 64 cells in which that is another than floor((i + 1/2) * read / written), and some in which it is the same.
"""

import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf

ALIKE = [(1, 5), (7, 7), (8, 4), (5, 15), (13, 6), (32, 48), (224, 96)]


def taken(cells, results):
    numbers = np.arange(cells, dtype=np.float32).reshape(1, cells, 1, 1)
    return tf.image.resize(numbers, (results, 1), method="nearest").numpy().ravel().astype(int)


def main():
    lines = []
    for cells in range(1, 65):
        for results in range(1, 65):
            sources = taken(cells, results)
            exact = (2 * np.arange(results) + 1) * cells // (2 * results)
            if (sources != exact).any() or (cells, results) in ALIKE:
                lines.append(" ".join(map(str, [cells, results, *sources])))
    lines.append(" ".join(map(str, [224, 96, *taken(224, 96)])))
    folder = Path(__file__).parent.parent / "resources" / "preparation"
    (folder / "nearest.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
