# shellcheck shell=bash
# Sourced, after common.sh, by the scripts that start servers for tests: each on a free port of this machine, stopped
# by its pid when the script ends.

server_pids=()

# Prints a port that nobody listens on, below those that the system gives to outgoing connections.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            say "$port"
            return
        fi
    done
}

# wait_for NAME PORT PID LOG: until somebody listens.
wait_for() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; then return 0; fi
        kill -0 "$3" 2>/dev/null || die "$1 ended at its start; see $4:" "$(tail -n 5 "$4")"
        sleep 0.1
    done
    die "$1 does not listen; see $4:" "$(tail -n 5 "$4")"
}

# SIGINT too: on SIGTERM alone PostgreSQL waits for its clients. Whoever is still there after ten seconds is killed.
stop_servers() {
    local pid tries
    for pid in "${server_pids[@]}"; do
        if kill -TERM "$pid" 2>/dev/null; then kill -INT "$pid" 2>/dev/null || true; fi
    done
    for pid in "${server_pids[@]}"; do
        for ((tries = 0; tries < 100; tries++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
    done
}
