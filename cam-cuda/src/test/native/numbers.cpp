// Numbers of the types that the libraries store.
#include "standin.h"

namespace standin {

float fromHalf(unsigned short bits) {
    _Float16 half;
    memcpy(&half, &bits, 2);
    return (float) half;
}
unsigned short toHalf(float number) {
    _Float16 half = (_Float16) number;
    unsigned short bits;
    memcpy(&bits, &half, 2);
    return bits;
}
float fromBfloat16(unsigned short bits) {
    unsigned wide = (unsigned) bits << 16;
    float number;
    memcpy(&number, &wide, 4);
    return number;
}
unsigned short toBfloat16(float number) {
    unsigned bits;
    memcpy(&bits, &number, 4);
    return number != number ? 0x7fc0 : (unsigned short) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

size_t bytes(Type type) { return type == FLOAT ? 4 : 2; }

float get(const void* address, size_t index, Type type) {
    if (type == FLOAT) return ((const float*) address)[index];
    unsigned short bits = ((const unsigned short*) address)[index];
    return type == HALF ? fromHalf(bits) : fromBfloat16(bits);
}
void put(void* address, size_t index, Type type, float value) {
    if (type == FLOAT) ((float*) address)[index] = value;
    else ((unsigned short*) address)[index] = type == HALF ? toHalf(value) : toBfloat16(value);
}
std::vector<float> floats(const void* address, size_t count, Type type) {
    std::vector<float> numbers(count);
    for (size_t i = 0; i < count; i++) numbers[i] = get(address, i, type);
    return numbers;
}
}
