package org.cam4j.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Sessions that reach nothing but this machine. */
final class TestSession {

    private TestSession() {}

    static SparkSession.Builder on(String master, Path folder) {
        return SparkSession.builder()
                .master(master)
                .appName("cam4j")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.local.dir", folder.resolve("local").toString())
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString());
    }
}
