#!/usr/bin/env bash
# Install dslint from the checkout of the action itself: on the public index the name is a stranger's.
set -euo pipefail

home="$RUNNER_TEMP/dslint"
python3 -m venv "$home"
"$home/bin/python" -m pip install --quiet --disable-pip-version-check \
  --constraint "$GITHUB_ACTION_PATH/constraints.txt" "$GITHUB_ACTION_PATH"
