# What the scripts of bench/ share. They set $cache, the folder of installed
# peers, and run from the root of the repository.

pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap cleanup EXIT

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # port

# start_server starts a peer and waits for its port; its process id is in
# $started.
start_server() { # name port command...
  local name=$1 port=$2
  shift 2
  if listens "$port"; then
    echo "$name is left out: port $port is taken" >&2
    return 1
  fi
  "$@" >"$cache/$name.log" 2>&1 &
  started=$!
  pids+=("$started")
  for _ in $(seq 300); do
    if listens "$port"; then return 0; fi
    sleep 0.1
  done
  echo "$name is left out, it did not start: see $cache/$name.log" >&2
  return 1
}

# install_python makes a virtual environment of that name with a package.
install_python() { # name package...
  local name=$1
  shift
  if [ ! -e "$cache/$name/ready" ]; then
    python3 -m venv "$cache/$name" && "$cache/$name/bin/pip" install -q "$@" && touch "$cache/$name/ready" ||
      echo "$name cannot be installed: it needs python3 with venv, and PyPI" >&2
  fi
}

memory() { # name=pid...
  local p
  for p in "$@"; do
    awk -v name="${p%%=*}" '/^VmRSS/ { printf "%s %.0f\n", name, $2 / 1024 }' "/proc/${p#*=}/status"
  done | sort
}
