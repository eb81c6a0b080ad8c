#!/bin/sh
# Brings an environment back to what it was, for people who have only a shell.

set -eu

usage() {
    cat <<'END'
usage: config_restore.sh [-y] ENV REV [OPTION...]

Shows the plan, asks, brings ENV back to what it was at REV, renders it and proves the result.
The output that stood before is kept as dist/ENV.bak. Whatever is wrong, nothing is changed.

  -y        do not ask
  REV       a tag, a branch or a commit: v1.4.0, HEAD~3, 1a2b3c4d
  OPTION    as of `cfgc rollback`: --as-override, --component NAME, --reason TEXT, --branch NAME, ...

`CFGC` names another cfgc than the one on PATH.
END
}

fail() {
    printf 'config_restore.sh: %s\n' "$1" >&2
    exit 2
}

ask=yes
if [ "${1-}" = -y ]; then
    ask=no
    shift
fi
case "${1-}" in
    -h | --help)
        usage
        exit 0
        ;;
esac
if [ $# -lt 2 ]; then
    usage >&2
    exit 2
fi

environment=$1
revision=$2
shift 2
cfgc=${CFGC:-cfgc}

case "$environment" in
    -*) fail "the environment comes first, options behind REV" ;;
esac
command -v -- "$cfgc" >/dev/null 2>&1 || fail "there is no \`$cfgc\`; install cfgc, or name it: CFGC=/path/to/cfgc"
case "$cfgc" in
    /*) ;;
    */*) cfgc=$PWD/$cfgc ;; # named from where we are called
esac
unset CDPATH # it would lead elsewhere
cd -- "$(dirname -- "$0")" || fail "cannot enter the folder of this script"

if [ "$ask" = yes ]; then
    [ -t 0 ] || fail "nobody is there to be asked; \`-y\` goes on without asking"
    "$cfgc" rollback "$environment" "--to=$revision" "$@" --dry-run
    printf 'go on? [y/N] ' >&2
    read -r answer || answer=
    case "$answer" in
        y | Y | yes | YES) ;;
        *)
            printf 'nothing was changed\n' >&2
            exit 1
            ;;
    esac
fi
exec "$cfgc" rollback "$environment" "--to=$revision" "$@"
