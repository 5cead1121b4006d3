// NVRTC, whose code names the type of stored numbers alone.
#include "standin.h"

extern "C" {
const char* nvrtcGetErrorString(int) { return "an error"; }
int nvrtcCreateProgram(void** program, const char* source, const char*, int, const char* const*, const char* const*) {
    *program = new std::string();
    return strstr(source, "extern \"C\" __global__") ? 0 : 3;
}
int nvrtcDestroyProgram(void** program) { delete (std::string*) *program; return 0; }
int nvrtcCompileProgram(void* program, int count, const char* const* options) {
    std::string& code = *(std::string*) program;
    for (int i = 0; i < count; i++) {
        if (!strcmp(options[i], "-DTYPE=1")) code = "storesHalf";
        else if (!strcmp(options[i], "-DTYPE=2")) code = "storesBfloat16";
        else if (!strcmp(options[i], "-DTYPE=0")) code = "storesFloat";
    }
    return code.empty() ? 6 : 0;
}
int nvrtcGetCUBINSize(void* program, size_t* size) { *size = ((std::string*) program)->size() + 1; return 0; }
int nvrtcGetCUBIN(void* program, char* code) { strcpy(code, ((std::string*) program)->c_str()); return 0; }
int nvrtcGetProgramLogSize(void*, size_t* size) { *size = 1; return 0; }
int nvrtcGetProgramLog(void*, char* log) { *log = 0; return 0; }
}
