"""kernels.py NVRTC_FOLDER KERNELS.CU OUT CAPABILITY...: compiles the engine's kernels to machine code, one file for each type of numbers
and capability (75, 80, 90, 100, 120; its minor successors run it too), and to PTX for the first capability, which drivers compile for
all others. Needs libnvrtc.so.13 and its builtins in the folder, and no GPU: `pip download nvidia-cuda-nvrtc` has them (90 MB)."""
import ctypes, glob, os, sys
folder, source, out, capabilities = sys.argv[1], open(sys.argv[2], 'rb').read(), sys.argv[3], sys.argv[4:]
# NVRTC looks for its builtins by name alone: loaded before, they are found wherever they lie.
for builtins in glob.glob(folder + '/libnvrtc-builtins.so.13.*'):
    ctypes.CDLL(builtins, mode=ctypes.RTLD_GLOBAL)
nvrtc = ctypes.CDLL(folder + '/libnvrtc.so.13')
os.makedirs(out, exist_ok=True)

def checked(status, what):
    if status:
        sys.exit(f'{what} failed: NVRTC says {status}')

def compile(architecture, number, size_of, code_of, name):
    program, size = ctypes.c_void_p(), ctypes.c_size_t()
    checked(nvrtc.nvrtcCreateProgram(ctypes.byref(program), source, b'kernels.cu', 0, None, None), 'reading the kernels')
    options = [b'--gpu-architecture=' + architecture.encode(), b'-DTYPE=%d' % number, b'--std=c++17']
    status = nvrtc.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    if status:
        sys.exit(log.value.decode())
    checked(getattr(nvrtc, size_of)(program, ctypes.byref(size)), 'compiling')
    code = ctypes.create_string_buffer(size.value)
    checked(getattr(nvrtc, code_of)(program, code), 'compiling')
    nvrtc.nvrtcDestroyProgram(ctypes.byref(program))
    # PTX ends with a zero byte, which is the end of the text.
    with open(f'{out}/{name}', 'wb') as file:
        file.write(code.raw)
    print(f'{name}: {size.value} bytes')

for number in (0, 1, 2):
    for capability in capabilities:
        compile('sm_' + capability, number, 'nvrtcGetCUBINSize', 'nvrtcGetCUBIN', f'kernels-{number}-{capability}.cubin')
    compile('compute_' + capabilities[0], number, 'nvrtcGetPTXSize', 'nvrtcGetPTX', f'kernels-{number}.ptx')
