# What the commands in this folder share; they source it. Everything runs from the top of the tree, on a bare Debian 12
# as root or as somebody who may sudo: packages that are missing are installed first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8

jobs=$(nproc)
packages_build=(gcc libc6-dev cmake ninja-build pkg-config libcjson-dev libfyaml-dev libgnutls28-dev libmicrohttpd-dev libpcre2-dev uuid-dev zlib1g-dev)
packages_test=(libcmocka-dev jq libxml2-utils)
packages_clang=(clang-14 clang libclang-rt-14-dev llvm-14)
packages_lint=(clang-format-14 clang-format clang-tidy-14 clang-tidy)
packages_coverage=(lcov)
packages_clients=(python3 python3-pip)

# need PACKAGE…
need() {
    local package missing=() sudo=()
    command -v dpkg-query >/dev/null || return 0 # another system: its user sees to the packages
    for package; do
        [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    ((EUID == 0)) || sudo=(sudo)
    echo "installing ${missing[*]}" >&2
    "${sudo[@]}" apt-get update -qq >&2
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >&2
}

# build PRESET: configures and builds in build/PRESET.
build() {
    cmake --preset "$1" && cmake --build --preset "$1" --parallel "$jobs"
}

# quietly COMMAND…: its output is shown only if it fails.
quietly() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
