# Runs llama.cpp's OpenAI-compatible server (as packaged in xllamacpp) on one model file until it is stopped: MODEL PORT.
import os
import signal
import sys

import xllamacpp

path, port = sys.argv[1], int(sys.argv[2])
params = xllamacpp.CommonParams()
params.model.path = path
params.model_alias = {os.path.splitext(os.path.basename(path))[0]}
params.port = port
params.n_ctx = 2048
params.cpuparams.n_threads = int(os.environ.get("MDPKIT_LLM_THREADS", os.cpu_count() or 1))
server = xllamacpp.Server(params)
print(f"listening on {server.listening_address}", flush=True)
signal.sigwait({signal.SIGINT, signal.SIGTERM})
# The server's own threads wait for ever.
os._exit(0)
