#!/usr/bin/env bash
# Turn the inputs of the action into one call of dslint. Nothing that comes from outside is evaluated.
set -euo pipefail

command=("$RUNNER_TEMP/dslint/bin/dslint" lint --no-progress)
summary="$RUNNER_TEMP/dslint-summary.md"

if [[ "$INPUT_ANNOTATIONS" == "true" ]]; then
  command+=(--output-format github)
else
  command+=(--output-format full)
fi
[[ -z "$INPUT_FAIL_ON" ]] || command+=("--fail-on=$INPUT_FAIL_ON")
[[ -z "$INPUT_DIFF_BASE" ]] || command+=("--diff-base=$INPUT_DIFF_BASE")
[[ -z "$INPUT_SARIF_FILE" ]] || command+=("--report=sarif=$INPUT_SARIF_FILE")
[[ "$INPUT_SUMMARY" != "true" ]] || command+=("--report=markdown=$summary")

read -r -d '' -a more <<<"$INPUT_ARGS" || true
command+=(${more[@]+"${more[@]}"} --)
while IFS= read -r path; do
  [[ -z "$path" ]] || command+=("$path")
done <<<"$INPUT_PATHS"

code=0
"${command[@]}" || code=$?

if [[ "$INPUT_SUMMARY" == "true" && -f "$summary" ]]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
{
  echo "exit-code=$code"
  [[ ! -f "$INPUT_SARIF_FILE" ]] || printf 'sarif-file=%s\n' "${INPUT_SARIF_FILE//$'\n'/}"
} >>"$GITHUB_OUTPUT"
exit "$code"
