"""Neural posterior estimation of the package sbi, for taskSpeedBench.ts to measure against: it learns the same simulations.
Started by the bench, it reads one JSON command a line from stdin and answers with one JSON line each.

    {"do": "learn", "method": M, "rows": [[...], ...], "parameters": P, "bounds": [[low, high], ...], "seed": S, "threads": N}
        -> method, sbi, torch, epochs, cpuSeconds
    {"do": "sample", "observation": [...], "count": N} -> cpuSeconds, samples: N * P numbers

A row is the parameters and the data of one simulation; parameters are uniform within their bounds. The method is a class
of sbi: NPE, FMPE or NPSE, each with the settings that sbi has by default. Needs what requirements.txt lists.
"""

import json
import os
import sys
import tempfile
import time
import warnings

import sbi
import torch
from sbi import inference
from sbi.utils import BoxUniform


class Peer:
    def __init__(self, command):
        torch.set_num_threads(command["threads"])
        torch.manual_seed(command["seed"])
        rows = torch.tensor(command["rows"], dtype=torch.float32)
        theta, x = rows.split([command["parameters"], rows.shape[1] - command["parameters"]], 1)
        low, high = torch.tensor(command["bounds"], dtype=torch.float32).T
        trainer = getattr(inference, command["method"])(prior=BoxUniform(low, high), show_progress_bars=False)
        begin = time.process_time()
        trainer.append_simulations(theta, x).train()
        self.posterior = trainer.build_posterior()
        self.learned = {
            "method": command["method"],
            "sbi": sbi.__version__,
            "torch": torch.__version__,
            "epochs": trainer.summary["epochs_trained"][-1],
            "cpuSeconds": time.process_time() - begin,
        }

    def sample(self, command):
        x = torch.tensor([command["observation"]], dtype=torch.float32)
        begin = time.process_time()
        samples = self.posterior.sample((command["count"],), x=x, show_progress_bars=False)
        spent = time.process_time() - begin
        return {"cpuSeconds": spent, "samples": samples.flatten().tolist()}


def main():
    warnings.simplefilter("ignore")
    answers, sys.stdout = sys.stdout, sys.stderr  # What sbi prints is no answer.
    peer = None
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # sbi keeps a log of its training where it runs.
        for line in sys.stdin:
            command = json.loads(line)
            if command["do"] == "learn":
                peer = Peer(command)
                answer = peer.learned
            else:
                answer = peer.sample(command)
            print(json.dumps(answer), file=answers, flush=True)
        os.chdir(os.sep)


if __name__ == "__main__":
    main()
