"""PyTorch on the networks of run.sh: a whole class activation map (image on the host in, enlarged map on the host out) and the forward
pass alone. baseline.py NETS SECONDS_PER_TIMING BATCHES SECONDS_IN_ALL [compiled]; each line begins with what it is. Needs PyTorch with
CUDA, torchvision, and timm for EfficientNet-Lite0. "compiled": by torch.compile, in a CUDA graph, which takes half a minute for each
network, precision and batch size."""
import statistics, sys, time, traceback
import torch, torch.nn as nn, torch.nn.functional as F

nets, seconds, batches = sys.argv[1].split(','), float(sys.argv[2]), [int(b) for b in sys.argv[3].split(',')]
started = time.time()
end = started + float(sys.argv[4])
compiles = 'compiled' in sys.argv[5:]
torch.backends.cudnn.benchmark = True
torch.manual_seed(3)
net = nets[0]

def say(tag, text): print(f'{tag:6} {net:17} {text}', flush=True)

class Vgg(nn.Module):
    def __init__(self):
        super().__init__()
        layers, c = [], 3
        for b, (n, f) in enumerate([(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)]):
            for _ in range(n):
                layers += [nn.Conv2d(c, f, 3, padding=1), nn.ReLU(inplace=True)]; c = f
            if b < 4: layers.append(nn.MaxPool2d(2, 2))
        self.features, self.head = nn.Sequential(*layers), nn.Linear(512, 19)

class Wrapped(nn.Module):
    """A torchvision or timm network, with batch normalisation folded where torch can."""
    def __init__(self, features, head):
        super().__init__(); self.features, self.head = features, head

class Bottleneck(nn.Module):
    def __init__(self, i, m, s):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(i, m, 1), nn.Conv2d(m, m, 3, s, 1), nn.Conv2d(m, 4 * m, 1)
        self.d = nn.Conv2d(i, 4 * m, 1, s) if s > 1 or i != 4 * m else nn.Identity()
    def forward(self, x):
        return F.relu(self.c(F.relu(self.b(F.relu(self.a(x))))) + self.d(x))

def resnet50():
    layers, c = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for n, m, s in [(3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2)]:
        for k in range(n):
            layers.append(Bottleneck(c, m, s if k == 0 else 1)); c = 4 * m
    return Wrapped(nn.Sequential(*layers), nn.Linear(2048, 1000))

class Inverted(nn.Module):
    def __init__(self, i, o, s, t):
        super().__init__()
        layers = [nn.Conv2d(i, i * t, 1), nn.ReLU6()] if t > 1 else []
        self.body = nn.Sequential(*layers, nn.Conv2d(i * t, i * t, 3, s, 1, groups=i * t), nn.ReLU6(), nn.Conv2d(i * t, o, 1))
        self.adds = s == 1 and i == o
    def forward(self, x): return x + self.body(x) if self.adds else self.body(x)

def mobilenet():
    layers, c = [nn.Conv2d(3, 32, 3, 2, 1), nn.ReLU6()], 32
    for t, o, n, s in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
        for k in range(n):
            layers.append(Inverted(c, o, s if k == 0 else 1, t)); c = o
    return Wrapped(nn.Sequential(*layers, nn.Conv2d(320, 1280, 1), nn.ReLU6()), nn.Linear(1280, 1000))

def folded(model):
    """Batch normalisation into the convolutions before it, as cam4j does: torch.fx, where it can trace the model."""
    try:
        from torch.fx.experimental.optimization import fuse
        return fuse(model.eval())
    except Exception as e:
        say('INFO', f'not folded: {type(e).__name__}'); return model

def library():
    """DenseNet121, InceptionV3, EfficientNetB0 and Lite0 of torchvision or timm."""
    size = 299 if net == 'InceptionV3' else 224
    if net == 'EfficientNetLite0':
        import timm
        m = timm.create_model('tf_efficientnet_lite0', pretrained=False)
        f = folded(FeatureOnly(m)); return Wrapped(f, m.classifier), size
    import torchvision.models as tv
    if net == 'DenseNet121':
        m = tv.densenet121(weights=None); return Wrapped(nn.Sequential(folded(m.features), nn.ReLU()), m.classifier), size
    if net == 'EfficientNetB0':
        m = tv.efficientnet_b0(weights=None); return Wrapped(folded(m.features), m.classifier[1]), size
    m = tv.inception_v3(weights=None, aux_logits=False, init_weights=False)
    f = nn.Sequential(*[x for n, x in m.named_children() if n not in ('avgpool', 'dropout', 'fc', 'AuxLogits')])
    return Wrapped(folded(f), m.fc), size

class FeatureOnly(nn.Module):
    def __init__(self, m): super().__init__(); self.m = m
    def forward(self, x): return self.m.forward_features(x)

def build():
    if net == 'VGG19-GAP': m, size = Vgg(), 224
    elif net == 'ResNet50': m, size = resnet50(), 224
    elif net == 'MobileNetV2': m, size = mobilenet(), 224
    else: m, size = library()
    for p in m.modules():
        if isinstance(p, nn.Conv2d): nn.init.kaiming_normal_(p.weight)
    return m.eval().cuda(), size

def timed(f, share=1.0):
    for _ in range(3): f()
    torch.cuda.synchronize()
    t, end = [], time.time() + seconds * share
    while len(t) < 3 or (len(t) < 300 and time.time() < end):
        s = time.perf_counter(); f(); t.append((time.perf_counter() - s) * 1e3)
    return statistics.median(t)

def device_time(f):
    for _ in range(3): f()
    torch.cuda.synchronize()
    a, b = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    a.record(); f(); b.record(); b.synchronize()
    each = int(max(1, min(50, 10 / max(1e-3, a.elapsed_time(b)))))
    t, end = [], time.time() + seconds / 2
    while len(t) < 3 or (len(t) < 40 and time.time() < end):
        a.record()
        for _ in range(each): f()
        b.record(); b.synchronize(); t.append(a.elapsed_time(b) / each)
    return statistics.median(t)

def run(model, size, mode, layout, batch, kind):
    dtype = {'fp32': torch.float32, 'tf32': torch.float32, 'fp16': torch.float16, 'bf16': torch.bfloat16}[mode]
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = mode == 'tf32'
    fmt = torch.channels_last if layout == 'nhwc' else torch.contiguous_format
    m = model.to(dtype=dtype, memory_format=fmt)
    host = torch.randn(batch, size, size, 3)          # as cam4j's callers have it: channels last, pageable
    pinned = torch.empty(batch, size, size, 3).pin_memory()
    device = torch.empty(batch, size, size, 3, device='cuda')
    out = torch.empty(batch, size, size).pin_memory()
    logits_out = torch.empty(batch, m.head.out_features).pin_memory()
    result = torch.empty(batch, size, size)           # on both sides no new memory for each result

    W, B = m.head.weight.float(), m.head.bias.float()
    features = torch.compile(m.features, dynamic=False) if kind == 'compiled' else m.features
    def forward():
        x = device.permute(0, 3, 1, 2).to(dtype=dtype, memory_format=fmt)
        a = features(x)
        return a, F.linear(a.float().mean((2, 3)), W, B)
    def mapped():
        device.copy_(pinned, non_blocking=True)
        a, logits = forward()
        w = W[logits.argmax(1)]
        cam = torch.einsum('nkhw,nk->nhw', a.float(), w)
        big = F.interpolate(cam[:, None], size=(size, size), mode='bilinear', align_corners=False)[:, 0]
        out.copy_(big, non_blocking=True); logits_out.copy_(logits, non_blocking=True)
    with torch.inference_mode():
        go, fwd = mapped, forward
        if kind != 'eager':
            s = torch.cuda.Stream(); s.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(s):
                for _ in range(3): mapped()
            torch.cuda.current_stream().wait_stream(s); torch.cuda.synchronize()
            g, h = torch.cuda.CUDAGraph(), torch.cuda.CUDAGraph()
            with torch.cuda.graph(g): mapped()
            with torch.cuda.graph(h): forward()
            go, fwd = g.replay, h.replay
        def whole():
            pinned.copy_(host); go(); torch.cuda.synchronize(); result.copy_(out)
        cam = timed(whole)
        say('TORCH', f'{mode} {layout:4} {kind:7} batch {batch:<3} CAM {cam:8.3f} ms  forward {device_time(fwd):8.3f} ms')

def grad_cam(model, size, mode, batch, kind):
    """Grad-CAM by the output of ResNet50's second stage, 28x28x512: autograd from the score of the best class to that layer."""
    dtype = {'fp32': torch.float32, 'tf32': torch.float32, 'fp16': torch.float16}[mode]
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = mode == 'tf32'
    m = model.to(dtype=dtype, memory_format=torch.channels_last).requires_grad_(False)
    host, pinned = torch.randn(batch, size, size, 3), torch.empty(batch, size, size, 3).pin_memory()
    device = torch.empty(batch, size, size, 3, device='cuda')
    out, result = torch.empty(batch, 28, 28).pin_memory(), torch.empty(batch, 28, 28)
    def mapped():
        device.copy_(pinned, non_blocking=True)
        x = device.permute(0, 3, 1, 2).to(dtype=dtype, memory_format=torch.channels_last)
        a = m.features[:10](x).detach().requires_grad_()
        logits = m.head(m.features[10:](a).mean((2, 3)))
        gradient, = torch.autograd.grad(logits.max(1).values.sum(), a)
        map = torch.einsum('nkhw,nk->nhw', a.float(), gradient.float().mean((2, 3))).relu()
        out.copy_(map.detach(), non_blocking=True)
    go = mapped
    if kind == 'graph':
        s = torch.cuda.Stream(); s.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(s):
            for _ in range(3): mapped()
        torch.cuda.current_stream().wait_stream(s); torch.cuda.synchronize()
        g = torch.cuda.CUDAGraph()
        with torch.cuda.graph(g): mapped()
        go = g.replay
    def whole():
        pinned.copy_(host); go(); torch.cuda.synchronize(); result.copy_(out)
    say('TGRAD', f'{mode} {kind} batch {batch:<3} map {timed(whole):9.3f} ms')

def measure(deadline):
    model, size = build()
    say('INFO', f'torch {torch.__version__} cuDNN {torch.backends.cudnn.version()} {torch.cuda.get_device_name()} after {time.time()-started:.1f} s')
    if net == 'ResNet50' and not compiles:
        for kind in ('graph', 'eager'):
            for mode in ('fp32', 'tf32', 'fp16'):
                for batch in batches:
                    try: grad_cam(model, size, mode, batch, kind)
                    except Exception as e: say('TFAIL', f'Grad-CAM {mode} {kind} {batch}: {type(e).__name__} {str(e)[:200]}')
    plan = [('graph', 'fp32', 'nchw'), ('graph', 'tf32', 'nhwc'), ('graph', 'fp16', 'nhwc'), ('graph', 'fp32', 'nhwc'), ('graph', 'tf32', 'nchw'),
            ('eager', 'fp32', 'nhwc'), ('eager', 'tf32', 'nhwc'), ('eager', 'fp16', 'nhwc')]
    if compiles: plan = [('compiled', 'tf32', 'nhwc'), ('compiled', 'fp16', 'nhwc'), ('compiled', 'fp32', 'nchw')]
    for kind, mode, layout in plan:
        if compiles: torch.compiler.reset()     # it compiles few variants of the same code
        for batch in batches:
            if time.time() > deadline: say('INFO', 'out of time'); return
            try: run(model, size, mode, layout, batch, kind)
            except Exception as e: say('TFAIL', f'{mode} {layout} {kind} {batch}: {type(e).__name__} {str(e)[:200]}')

def main():
    global net
    for i, net in enumerate(nets):
        deadline = time.time() + (end - time.time()) / (len(nets) - i)
        try: measure(deadline)
        except Exception: traceback.print_exc(file=sys.stdout); say('TFAIL', 'baseline')
        torch.cuda.empty_cache()
    sys.stdout.flush()

main()
