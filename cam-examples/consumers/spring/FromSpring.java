package com.example;

import java.nio.file.Path;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A Spring Boot application in one jar with jars inside: explains pictures with a Keras model. */
@SpringBootApplication
public class FromSpring implements CommandLineRunner {

    /** Takes the Keras model, the folder of pictures and where the prepared model goes. */
    public static void main(String[] arguments) {
        SpringApplication.run(FromSpring.class, arguments);
    }

    @Override
    public void run(String... arguments) throws Exception {
        FromKeras.main(arguments);
    }
}
