"""The floor: read every line and decode it soundly, nothing else. `python decode_loop.py FILE`"""

import sys

import jiter


def main(path: str) -> None:
    records = bad = 0
    with open(path, "rb", buffering=1 << 18) as lines:
        for line in lines:
            try:
                jiter.from_json(line, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
            except ValueError:
                bad += 1
            records += 1
    print(f"{records} records, {bad} unreadable")


if __name__ == "__main__":
    main(sys.argv[1])
