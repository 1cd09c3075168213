"""The pilot star model in PyTorch, for engineBench.ts to measure against: the same weights, the same batch, the same
steps. Started by the bench, it reads one JSON command a line from stdin and answers with one JSON line each.

    {"do": "open", "file": PATH, "tensors": [[name, shape], ...], "spec": {...}, "threads": N, "compile": false}
    {"do": "train", "steps": N, "learningRate": R, "form": F}  -> seconds, cpuSeconds, loss, gradientNorm
    {"do": "infer", "stars": N, "form": F}                     -> seconds, cpuSeconds
    {"do": "read", "what": "latents" | "logits", "file": PATH}

The form is "plain", the network as it is defined, or "folded", the same function with fewer products.
A file holds float32 numbers, one tensor after another. Needs Python 3.9 or later and torch.
"""

import array
import json
import math
import sys
import time

import torch
import torch.nn.functional as F

EMBEDDED_FREQUENCIES = 8


def linear(x, weight, bias):
    """x [..., I] @ weight [I, O] + bias [O], as one product of tall matrices."""
    return torch.addmm(bias, x.reshape(-1, x.shape[-1]), weight).view(*x.shape[:-1], -1)


def layer_norm(x):
    return F.layer_norm(x, x.shape[-1:], eps=1e-5)


def heads_of(x, heads):
    batch, tokens, width = x.shape
    return x.view(batch, tokens, heads, width // heads).transpose(1, 2)


def attend(queries, keys, values, bias):
    mixed = F.scaled_dot_product_attention(queries, keys, values, attn_mask=bias)
    return mixed.transpose(1, 2).reshape(mixed.shape[0], mixed.shape[2], -1)


def mask_bias(mask):
    return ((mask - 1) * 1e9)[:, None, None, :]


def feed_forward(w, block, x):
    up = F.silu(linear(x, w[block + "up"], w[block + "upBias"]))
    return linear(up, w[block + "down"], w[block + "downBias"])


def encode_given(w, c, features, mask, wanted):
    """features [B, T, 8], mask [B, T] -> star [B, D], (keys, values) a layer, bias [B, 1, 1, T].

    Of the last layer only what is wanted is computed: the star's own token, or keys and values.
    """
    tokens = features.shape[1]
    embedded = torch.bmm(features.transpose(0, 1), w["given.value"][:tokens]).transpose(0, 1)
    x = embedded + w["given.identity"][:tokens]
    bias = mask_bias(mask)
    memory = []
    for layer in range(c["layers"]):
        block = f"block{layer}."
        normal, weight, weight_bias = layer_norm(x), w[block + "qkv"], w[block + "qkvBias"]
        if layer < c["layers"] - 1:
            q, k, v = linear(normal, weight, weight_bias).chunk(3, -1)
        else:
            width = c["width"]
            k, v = linear(normal, weight[:, width:], weight_bias[width:]).chunk(2, -1)
            if wanted == "star":
                q = linear(normal[:, :1], weight[:, :width], weight_bias[:width])
                x = x[:, :1]
        k, v = heads_of(k, c["heads"]), heads_of(v, c["heads"])
        memory.append((k, v))
        if layer == c["layers"] - 1 and wanted == "memory":
            return None, memory, bias
        x = x + linear(attend(heads_of(q, c["heads"]), k, v, bias), w[block + "mix"], w[block + "mixBias"])
        x = x + feed_forward(w, block, layer_norm(x))
    return layer_norm(x[:, 0]), memory, bias


def embed_noise(sigma):
    level = sigma.log().mul(0.25)[..., None]
    frequencies = 2 ** (torch.arange(EMBEDDED_FREQUENCIES) / 2)
    angles = level * frequencies
    return torch.cat([level, angles.sin(), angles.cos()], -1)


def decode_asked(w, c, given, scaled, sigma, asked):
    _, memory, given_bias = given
    condition = F.silu(linear(embed_noise(sigma), w["noise.in"], w["noise.inBias"]))
    x = scaled[..., None] * w["asked.value"] + w["asked.identity"]
    bias = torch.cat([given_bias, mask_bias(asked)], 3)
    for layer in range(c["layers"]):
        block = f"block{layer}."
        modulation = linear(condition, w[block + "modulate"], w[block + "modulateBias"])
        scale1, shift1, scale2, shift2 = modulation[:, None, :].chunk(4, -1)
        first = layer_norm(x) * (scale1 + 1) + shift1
        q, k, v = linear(first, w[block + "qkv"], w[block + "qkvBias"]).chunk(3, -1)
        q, k, v = (heads_of(part, c["heads"]) for part in (q, k, v))
        keys, values = torch.cat([memory[layer][0], k], 2), torch.cat([memory[layer][1], v], 2)
        x = x + linear(attend(q, keys, values, bias), w[block + "mix"], w[block + "mixBias"])
        second = layer_norm(x) * (scale2 + 1) + shift2
        x = x + feed_forward(w, block, second)
    return (layer_norm(x) * w["asked.out"]).sum(-1) + w["asked.outBias"]


def classify(w, star):
    inner = F.silu(linear(star, w["class.in"], w["class.inBias"]))
    return linear(inner, w["class.out"], w["class.outBias"])


def condition_head(w, c, star, noise):
    """star [B, D], noise [B or 1, K, 17] -> scale and shift [B, K, 1, 2 W] a block."""
    total = (star @ w["head.star"])[:, None] + noise @ w["head.noise"] + w["head.conditionBias"]
    condition = F.silu(total)
    return [
        linear(condition, w[f"head{b}.modulate"], w[f"head{b}.modulateBias"])[:, :, None]
        for b in range(c["headBlocks"])
    ]


def denoise_head(w, scaled, modulations):
    """The head as it is defined: scaled [B, K, S, 7] -> [B, K, S, 7]"""
    x = linear(scaled, w["head.in"], w["head.inBias"])
    for b, modulation in enumerate(modulations):
        scale, shift = modulation.chunk(2, -1)
        up = (x.reshape(-1, x.shape[-1]) @ w[f"head{b}.up"]).view(x.shape)
        modulated = up * (scale + 1) + shift
        x = x + linear(F.silu(modulated), w[f"head{b}.down"], w[f"head{b}.downBias"])
    return linear(x, w["head.out"], w["head.outBias"])


def fold_head(w, c):
    """Between its gates the head is linear, so neighbouring weights are multiplied with one another beforehand, and what
    a gate puts out meets all its later uses in one product: columns for each later block, then for the output."""
    blocks = range(c["headBlocks"])
    readers = [w[f"head{b}.up"] for b in blocks] + [w["head.out"]]
    biases, stream = [], w["head.inBias"]
    for b, reader in enumerate(readers):
        biases.append(stream @ reader + (w["head.outBias"] if b == len(readers) - 1 else 0))
        if b < len(readers) - 1:
            stream = stream + w[f"head{b}.downBias"]
    from_gate = [w[f"head{b}.down"] @ torch.cat(readers[b + 1 :], 1) for b in blocks]
    return w["head.in"] @ torch.cat(readers, 1), torch.cat(biases), from_gate


def denoise_folded(folded, scaled, scale_and_shift):
    """The same function with fewer products: scaled [R, 7], scale and shift of [R, W] or [W] a block -> [R, 7]"""
    from_input, bias, from_gate = folded
    rest = torch.addmm(bias, scaled, from_input)
    for (scale, shift), matrix in zip(scale_and_shift, from_gate):
        width = scale.shape[-1]
        gate = F.silu(torch.addcmul(shift, rest[:, :width], scale + 1))
        rest = torch.addmm(rest[:, width:], gate, matrix)
    return rest


def star_loss(w, c, batch, form):
    star, memory, bias = encode_given(w, c, batch["features"], batch["mask"], "star")
    modulations = condition_head(w, c, star, embed_noise(batch["sigma"]))
    scaled = batch["scaled"]
    if form == "folded":
        rows = [m.reshape(-1, m.shape[-1]).chunk(2, -1) for m in modulations]
        head = denoise_folded(fold_head(w, c), scaled.reshape(-1, scaled.shape[-1]), rows).view(scaled.shape)
    else:
        head = denoise_head(w, scaled, modulations)
    posterior = (head - batch["target"]).square().mean()
    classes = -(F.log_softmax(classify(w, star), -1) * batch["classes"]).sum(-1).mean()
    given = encode_given(w, c, batch["questionFeatures"], batch["questionMask"], "memory")
    asked = batch["questionAsked"]
    answer = decode_asked(w, c, given, batch["questionScaled"], batch["questionSigma"], asked)
    squared = (answer - batch["questionTarget"]).square() * asked
    question = (squared.sum(-1) / asked.sum(-1)).mean()
    share = c["lossWeights"]
    return posterior + share["question"] * question + share["classes"] * classes


def denoiser(w, c, star, levels, form):
    """The network for one star: (scaled [S, 7], k) -> [S, 7]"""
    noise = embed_noise(torch.tensor(levels, dtype=torch.float32))[None]
    modulations = condition_head(w, c, star, noise)
    if form == "plain":
        return lambda scaled, k: denoise_head(w, scaled[None, None], [m[:, k : k + 1] for m in modulations])[0, 0]
    folded = fold_head(w, c)
    pairs = [m[0, :, 0].chunk(2, -1) for m in modulations]
    return lambda scaled, k: denoise_folded(folded, scaled, [(scale[k], shift[k]) for scale, shift in pairs])


def sample_posterior(w, c, features, mask, noise, levels, form):
    """secondOrderSde: features [1, 12, 8], mask [1, 12], noise [L, 1, S, 7] -> latents [S, 7], logits [1, C]."""
    star, _, _ = encode_given(w, c, features, mask, "star")
    network = denoiser(w, c, star, levels, form)
    noise = noise[:, 0]

    def denoise(x, k):
        variance = levels[k] ** 2 + 1
        return x / variance + network(x / math.sqrt(variance), k) * (levels[k] / math.sqrt(variance))

    x = noise[0] * math.sqrt(levels[0] ** 2 + 1)
    previous = None
    for k in range(len(levels) - 1):
        ratio2 = (levels[k + 1] / levels[k]) ** 2
        denoised = denoise(x, k)
        mean = x * ratio2 + denoised * (1 - ratio2)
        if previous is not None:
            steps = math.log(levels[k] / levels[k + 1]) / math.log(levels[k - 1] / levels[k])
            mean = mean + (denoised - previous) * (0.5 * (1 - ratio2) * steps)
        x = mean + noise[k + 1] * (levels[k + 1] * math.sqrt(1 - ratio2))
        previous = denoised
    return denoise(x, len(levels) - 1), classify(w, star)


class Rival:
    def __init__(self, command):
        torch.set_num_threads(command["threads"])
        self.spec = command["spec"]
        with open(command["file"], "rb") as file:
            flat = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
        self.tensors, at = {}, 0
        for name, shape in command["tensors"]:
            size = math.prod(shape)
            self.tensors[name] = flat[at : at + size].view(shape).clone()
            at += size
        names = self.spec["weights"]
        # The sampler keeps the weights it was given; training goes on from copies.
        self.frozen = {name: self.tensors[name] for name in names}
        self.weights = {name: self.tensors[name].clone().requires_grad_() for name in names}
        self.average = [self.tensors[name].clone() for name in names]
        self.parameters = list(self.weights.values())
        adam = self.spec["optimizer"]
        self.adam = torch.optim.Adam(
            self.parameters, betas=(adam["beta1"], adam["beta2"]), eps=adam["epsilon"], fused=True
        )
        self.updates = 0
        compiled = torch.compile if command.get("compile") else lambda function: function
        self.loss = compiled(star_loss)
        self.sample = compiled(sample_posterior)

    def train_step(self, rate, form):
        optimizer = self.spec["optimizer"]
        for group in self.adam.param_groups:
            group["lr"] = rate
        self.adam.zero_grad(set_to_none=True)
        loss = self.loss(self.weights, self.spec["config"], self.tensors, form)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, optimizer["clipNorm"])
        self.adam.step()
        self.updates += 1
        decay = min(optimizer["averageDecay"], (1 + self.updates) / (10 + self.updates))
        with torch.no_grad():
            torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], 1 - decay)
        return loss.item(), norm.item()

    def train(self, command):
        def work():
            for _ in range(command["steps"]):
                result = self.train_step(command["learningRate"], command["form"])
            return result

        times, (loss, norm) = timed(work)
        return {**times, "loss": loss, "gradientNorm": norm}

    def infer(self, command):
        t = self.tensors

        def work():
            with torch.inference_mode():
                for _ in range(command["stars"]):
                    result = self.sample(
                        self.frozen,
                        self.spec["config"],
                        t["star.features"],
                        t["star.mask"],
                        t["star.noise"],
                        self.spec["levels"],
                        command["form"],
                    )
            return result

        times, (self.latents, self.logits) = timed(work)
        return times

    def read(self, command):
        values = getattr(self, command["what"]).flatten()
        with open(command["file"], "wb") as file:
            array.array("f", values.tolist()).tofile(file)
        return {"count": values.numel()}


def timed(work):
    begin, begin_cpu = time.perf_counter(), time.process_time()
    result = work()
    return {"seconds": time.perf_counter() - begin, "cpuSeconds": time.process_time() - begin_cpu}, result


def main():
    rival = None
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "open":
            rival = Rival(command)
            answer = {"torch": torch.__version__, "threads": torch.get_num_threads()}
        else:
            answer = getattr(rival, command["do"])(command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
