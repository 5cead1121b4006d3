package org.cam4j.process;

import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencl.Pfn_notify_BytePointer_Pointer_long_Pointer;

/**
 * A C function without a binding in JavaCPP's presets: Java 17 has no stable API for calling C.
 *
 * <p>JavaCPP can call a function at any address if it has a binding for its signature. The bindings of OpenCL, which come with oneDNN's,
 * have the signature {@code void (char *, void *, size_t, void *)}. On all platforms of oneDNN, the first four integers or pointers are
 * passed in the same registers, and surplus arguments do no harm. The function's result is lost.
 */
final class CFunction {

    private final Pfn_notify_BytePointer_Pointer_long_Pointer caller;

    private CFunction(Pointer function) {
        // JavaCPP stores a function pointer as its address and an object behind it; here the object is absent.
        this.caller = new Pfn_notify_BytePointer_Pointer_long_Pointer(new LongPointer(function.address(), 0));
    }

    /**
     * Finds a function in the loaded libraries.
     *
     * @return the function; empty if it, or the binding that calls it, is absent
     */
    static Optional<CFunction> find(String name) {
        return address(name).map(CFunction::new);
    }

    /** Returns a function's address. */
    static Optional<Pointer> address(String name) {
        Loader.load(Pointer.class);
        Pointer function = Loader.addressof(name);
        return function == null || function.isNull() ? Optional.empty() : Optional.of(function);
    }

    /** Calls the function with integers or addresses. */
    void call(long first, long second, long third, long fourth) {
        caller.call(new Address(first), new Address(second), third, new Address(fourth));
    }

    /** A number passed as a pointer. */
    private static final class Address extends BytePointer {
        Address(long value) {
            super((Pointer) null);
            address = value;
        }
    }
}
