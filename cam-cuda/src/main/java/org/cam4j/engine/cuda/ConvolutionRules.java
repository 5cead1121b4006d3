package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudnn.CUDNN_CONVOLUTION_FWD_ALGO_FFT_TILING;
import static org.bytedeco.cuda.global.cudnn.CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED;

import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Window;

/**
 * What is faster than the libraries' first guess, as measured on an H200 with the convolutions of VGG19, ResNet50 and InceptionV3 in
 * batches of 1, 8 and 32, times taken in graphs.
 */
final class ConvolutionRules {

    /** Channels of a 1x1 convolution up to which cuDNN's fused kernel beats cuBLAS by 1.1 to 1.7. */
    private static final int FEW_CHANNELS = 64;

    private final Precision precision;

    ConvolutionRules(Precision precision) {
        this.precision = precision;
    }

    /** Whether cuDNN's first fused way is tried before matrix products. */
    boolean prefersCudnn(ConvolutionCompiler.Candidate candidate) {
        Convolution convolution = candidate.convolution();
        return switch (precision) {
            case EXACT -> candidate.source().isPlanes() && candidate.fuses() && convolution.inputs() <= FEW_CHANNELS;
            case TF32 ->
                candidate.fuses()
                        && !convolution.addsInput()
                        && Math.min(convolution.inputs(), convolution.outputs()) <= FEW_CHANNELS;
            case FP16, BF16 -> false;
        };
    }

    /** Whether cuBLAS and a kernel after it beat cuBLASLt's fused product, which adds residuals slowly: by 1.3 to 1.6. */
    boolean prefersPlainProduct(ConvolutionCompiler.Candidate candidate) {
        return precision == Precision.TF32 && candidate.convolution().addsInput();
    }

    /** Sorts cuDNN's algorithms for windows on float planes; 0 leaves them in its own order. */
    int rank(int algorithm, ConvolutionCompiler.Candidate candidate) {
        if (precision != Precision.EXACT || !candidate.source().isPlanes()) {
            return 0;
        }
        if (algorithm == CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED) {
            return prefersWinograd(candidate) ? -2 : 0;
        }
        return algorithm == CUDNN_CONVOLUTION_FWD_ALGO_FFT_TILING && prefersFourier(candidate) ? -1 : 0;
    }

    /**
     * Non-fused Winograd for 3x3: 1.1 to 2.4 times as fast, on the smallest images in any batch. Not for 5x5: there InceptionV3's features
     * were 1.7e-5 off.
     */
    private static boolean prefersWinograd(ConvolutionCompiler.Candidate candidate) {
        Convolution convolution = candidate.convolution();
        int least = Math.min(convolution.inputs(), convolution.outputs());
        boolean isSmall = candidate.source().cells() <= 8 * 8 && least >= 256;
        boolean isSquare =
                convolution.window().height() == 3 && convolution.window().width() == 3;
        return isSquare
                && (isSmall
                        || (candidate.batch() >= 8
                                && least >= 64
                                && convolution.inputs() + convolution.outputs() >= 160));
    }

    /** Tiled FFT: 1.1 to 3.6 times as fast for 1x7 and 7x1, and for windows in large batches. */
    private static boolean prefersFourier(ConvolutionCompiler.Candidate candidate) {
        Convolution convolution = candidate.convolution();
        Window window = convolution.window();
        int least = Math.min(convolution.inputs(), convolution.outputs());
        boolean isLong = Math.max(window.height(), window.width()) >= 7
                && Math.min(window.height(), window.width()) == 1
                && least >= 128;
        boolean isDense = window.strideY() == 1 && window.strideX() == 1 && window.height() * window.width() > 4;
        return isDense && candidate.source().cells() >= 17 * 17 && (isLong || (candidate.batch() >= 32 && least >= 32));
    }
}
