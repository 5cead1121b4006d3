package org.cam4j.image;

/** The channels that a network reads, in order. */
public enum ChannelOrder {
    /** Red, green, blue: most networks. */
    RGB(16, 8, 0),
    /** Blue, green, red: networks that came from Caffe, VGG and ResNet among them. */
    BGR(0, 8, 16),
    /** One channel, the luma of ITU-R BT.601: {@code 0.299 R + 0.587 G + 0.114 B}, rounded as Pillow's {@code convert("L")}. */
    GREY(0, 0, 0);

    /** The shift of a channel's bits in a pixel {@code 0xRRGGBB}. */
    final int firstShift;

    final int secondShift;
    final int thirdShift;

    ChannelOrder(int firstShift, int secondShift, int thirdShift) {
        this.firstShift = firstShift;
        this.secondShift = secondShift;
        this.thirdShift = thirdShift;
    }

    /**
     * The number of channels.
     *
     * @return 3, or 1 for grey
     */
    public int channels() {
        return this == GREY ? 1 : 3;
    }

    /** The luma in [0, 255] of a pixel {@code 0xRRGGBB}, in Pillow's 16-bit fixed point. */
    static int luma(int rgb) {
        return (((rgb >> 16) & 0xff) * 19595 + ((rgb >> 8) & 0xff) * 38470 + (rgb & 0xff) * 7471 + 0x8000) >> 16;
    }
}
