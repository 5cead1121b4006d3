package org.cam4j;

import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.image.PhotoReader;

/** Loads oneDNN and the photo decoders on a daemon thread, before the first photo needs them. */
final class WarmUp {

    private WarmUp() {}

    static void start() {
        Thread thread = new Thread(
                () -> {
                    Engines.fit(EngineSettings.standard());
                    PhotoReader.warmUp();
                },
                "cam4j-warm-up");
        thread.setDaemon(true);
        thread.start();
    }
}
