"""kernels.py NVRTC_FOLDER KERNELS.CU OUT CAPABILITY...: compiles the engine's kernels to machine code, one file for each type and
capability (75, 80, 90, 100, 120); needs no GPU."""
import ctypes, sys
folder, source, out, capabilities = sys.argv[1], open(sys.argv[2], 'rb').read(), sys.argv[3], sys.argv[4:]
nvrtc = ctypes.CDLL(folder + '/libnvrtc.so.13')
for number in (0, 1, 2):
    for capability in capabilities:
        program, size = ctypes.c_void_p(), ctypes.c_size_t()
        assert nvrtc.nvrtcCreateProgram(ctypes.byref(program), source, b'kernels.cu', 0, None, None) == 0
        options = [b'--gpu-architecture=sm_' + capability.encode(), b'-DTYPE=%d' % number, b'--std=c++17']
        status = nvrtc.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
        nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
        log = ctypes.create_string_buffer(size.value)
        nvrtc.nvrtcGetProgramLog(program, log)
        if status:
            sys.exit(log.value.decode())
        nvrtc.nvrtcGetCUBINSize(program, ctypes.byref(size))
        code = ctypes.create_string_buffer(size.value)
        nvrtc.nvrtcGetCUBIN(program, code)
        open(f'{out}/kernels-{number}-{capability}.cubin', 'wb').write(code.raw)
        print(f'type {number} for {capability}: {size.value} bytes')
