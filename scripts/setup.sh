# shellcheck shell=bash
# Sourced by the other scripts: a virtual environment in .venv with this project in it, made once and kept up to date.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv

# Debian packages with the servers and tools that tests and benchmarks run against.
debian_peers=(chromium chromium-driver comgt curl dbus faketime fish gammu gcc gnutls-bin libc6-dev liblwip-dev make openssl ppp
    socat tshark wvdial zsh)

# Daemons that would start at boot, some of which exclude each other as packages: they are unpacked instead of installed.
# So is what a guest in QEMU boots: a kernel that this machine is not to boot, and pppd, which only root may read where
# it is installed. And so are the compiler and the machine of the example without an operating system.
debian_unpacked=(nginx vsftpd proftpd-mod-crypto gsm0710muxd smstools gnokii-cli kannel modemmanager
    qemu-system-x86 linux-image-amd64 busybox-static ppp chrony gcc-arm-none-eabi qemu-system-arm stunnel4 haproxy
    picocom mosquitto mosquitto-clients)

# Packages of npm with hosts that tests run.
npm_hosts=(serialport-gsm@4.0.1)

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed; install it, or name one: PYTHON=/path/to/python $0" >&2
    return 1
}

# setup_environment EXTRA: installs the project with that extra, unless this was done since pyproject.toml last changed.
setup_environment() {
    local python wanted extra
    wanted=$(cksum <"$root/pyproject.toml")
    for extra in "$1" dev; do # dev holds what every other extra holds
        if [ -x "$venv/bin/python" ] && [ "$(cat "$venv/.installed-$extra" 2>/dev/null)" = "$wanted" ]; then
            return
        fi
    done
    python=$(find_python) || return 1
    echo "setting up $venv (once)" >&2
    # An environment without pip was left half-made, or by a Python that is gone.
    if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 && ! "$python" -m venv --clear "$venv"; then
        echo "no virtual environment could be made; on Debian: apt-get install python3-venv" >&2
        return 1
    fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "${root}[$1]" || return 1
    echo "$wanted" >"$venv/.installed-$1"
}

# install_debian_peers: installs what is missing where that is allowed, and else names it.
install_debian_peers() {
    local package missing=() sudo=()
    for package in "${debian_peers[@]}"; do
        dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
    done
    [ "${#missing[@]}" -eq 0 ] && return
    if command -v apt-get >/dev/null; then
        [ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
        if "${sudo[@]}" true 2>/dev/null; then
            echo "installing ${missing[*]}" >&2
            if { "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; } >/dev/null 2>&1; then
                return
            fi
        fi
    fi
    echo "not installed, tests that need them are skipped by name: ${missing[*]}" >&2
    echo "to install them on Debian: apt-get install ${missing[*]}" >&2
}

# unpack_debian_daemons: puts them, and the libraries that they miss, below the virtual environment; needs no privilege.
unpack_debian_daemons() {
    local missing=()
    [ "$(cat "$venv/debian/.complete" 2>/dev/null)" = "${debian_unpacked[*]}" ] && return
    if command -v apt-get >/dev/null; then
        fetch_and_unpack "$venv/debian"
    else
        missing=("${debian_unpacked[@]}")
    fi
    [ "${#missing[@]}" -eq 0 ] && return
    echo "not unpacked, tests that need them are skipped by name: ${missing[*]}" >&2
    echo "they come with Debian; after an apt-get update the next run tries again" >&2
}

# fetch_and_unpack FOLDER: each package is fetched by itself, since together they cannot be installed; `missing` gets
# those that do not come. It is complete when no other is missing than what this release does not have.
fetch_and_unpack() {
    local package archives=$1/archives complete=yes
    mkdir -p "$archives/partial"
    for package in "${debian_unpacked[@]}"; do
        apt-get install --download-only --reinstall --no-install-recommends -y -qq -o Debug::NoLocking=true \
            -o Dir::Cache::archives="$archives" "$package" >/dev/null 2>&1 && continue
        missing+=("$package")
        apt-cache show "$package" >/dev/null 2>&1 && complete=no
    done
    for package in "$archives"/*.deb; do
        [ -e "$package" ] && ! unpack_package "$package" "$1" && complete=no
    done
    [ "${#missing[@]}" -lt "${#debian_unpacked[@]}" ] || complete=no
    rm -r "$archives"
    [ "$complete" = no ] || echo "${debian_unpacked[*]}" >"$1/.complete"
}

# unpack_package ARCHIVE FOLDER: of a kernel only the image and what PPP needs, a fiftieth of it; of a cross compiler
# only what C without a library needs, a tenth of it.
unpack_package() {
    case ${1##*/} in
    linux-image-[0-9]*)
        dpkg --fsys-tarfile "$1" |
            tar -x -C "$2" --wildcards './boot/vmlinuz-*' '*/net/ppp/ppp_[ag][se]*' '*/net/slip/slhc*'
        ;;
    gcc-arm-none-eabi_*)
        dpkg --fsys-tarfile "$1" |
            tar -x -C "$2" --wildcards './usr/bin/arm-none-eabi-gcc*' \
                './usr/lib/gcc/arm-none-eabi/*/'{cc1,collect2,include/std*,lto-wrapper,liblto_plugin.so}
        ;;
    qemu-system-arm_*) dpkg --fsys-tarfile "$1" | tar -x -C "$2" ./usr/bin/qemu-system-arm ;;
    *) dpkg -x "$1" "$2" ;;
    esac
}

# fetch_lwip: its sources, as Debian has them, since Debian's library is built without PPP.
fetch_lwip() {
    local folder=$venv/lwip options=()
    [ -e "$folder/.complete" ] && return
    mkdir -p "$folder/lists/partial"
    options=(-qq -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::State::lists="$folder/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
    if apt-get indextargets --format 'deb-src $(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' \
        'Origin: Debian' 'Component: main' >"$folder/sources.list" 2>/dev/null && [ -s "$folder/sources.list" ] &&
        apt-get "${options[@]}" update >/dev/null 2>&1 &&
        (cd "$folder" && apt-get "${options[@]}" source --download-only lwip) >/dev/null 2>&1 &&
        tar -x -f "$folder"/lwip_*.orig.tar.* -C "$folder" --strip-components=1; then
        touch "$folder/.complete"
    else
        echo "not fetched, what needs it is skipped by name: the sources of lwIP (Debian's source package lwip)" >&2
    fi
    rm -rf "$folder/lists" "$folder/sources.list"
}

# install_npm_hosts: puts them below the virtual environment. No script of theirs runs: what they need comes built.
install_npm_hosts() {
    [ "$(cat "$venv/npm/.complete" 2>/dev/null)" = "${npm_hosts[*]}" ] && return
    if command -v npm >/dev/null && mkdir -p "$venv/npm" &&
        npm install --prefix "$venv/npm" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --silent \
            --fetch-retries=1 --fetch-timeout=30000 "${npm_hosts[@]}" >/dev/null 2>&1; then
        echo "${npm_hosts[*]}" >"$venv/npm/.complete"
        return
    fi
    echo "not installed, tests that need them are skipped by name: ${npm_hosts[*]} (npm)" >&2
}
