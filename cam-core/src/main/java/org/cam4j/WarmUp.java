package org.cam4j;

import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.image.PhotoReader;

/** Loads what the first photo needs, on a thread of its own. */
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
