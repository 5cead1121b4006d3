package org.cam4j.process;

import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencl.Pfn_notify_BytePointer_Pointer_long_Pointer;

/**
 * A function of C without a binding in JavaCPP's presets: Java 17 has no stable way to call C.
 *
 * <p>JavaCPP calls any function of a kind that it knows, if it is told the address. The bindings of OpenCL, which come with
 * oneDNN's, know the kind {@code void (char *, void *, size_t, void *)}. On all platforms of oneDNN the first four integers or
 * pointers travel in the same registers, and more than a function takes do no harm; what it returns is lost.
 */
final class CFunction {

    private final Pfn_notify_BytePointer_Pointer_long_Pointer caller;

    private CFunction(Pointer function) {
        // How JavaCPP stores a function pointer: its address, and an object behind it that it has none of.
        this.caller = new Pfn_notify_BytePointer_Pointer_long_Pointer(new LongPointer(function.address(), 0));
    }

    /**
     * Finds a function in the libraries that are loaded.
     *
     * @return nothing where it, or the way to call it, is not there
     */
    static Optional<CFunction> find(String name) {
        return address(name).map(CFunction::new);
    }

    /** Where a function is. */
    static Optional<Pointer> address(String name) {
        Loader.load(Pointer.class);
        Pointer function = Loader.addressof(name);
        return function == null || function.isNull() ? Optional.empty() : Optional.of(function);
    }

    /** Calls it with integers or addresses. */
    void call(long first, long second, long third, long fourth) {
        caller.call(new Address(first), new Address(second), third, new Address(fourth));
    }

    /** A number in the place of a pointer. */
    private static final class Address extends BytePointer {
        Address(long value) {
            super((Pointer) null);
            address = value;
        }
    }
}
