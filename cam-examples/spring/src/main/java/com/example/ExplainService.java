package com.example;

import java.nio.file.Path;
import org.cam4j.ClassActivationMapper;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A service that explains photos: {@code java -jar explain-service.jar --model=animals.cam4j}. */
@SpringBootApplication
public class ExplainService {

    public static void main(String[] arguments) {
        ClassActivationMapper.warmUp();
        SpringApplication.run(ExplainService.class, arguments);
    }

    /** The mapper is thread-safe: one is enough. Spring closes it when the last request is answered. */
    @Bean
    ClassActivationMapper mapper(@Value("${model}") Path model) {
        return ClassActivationMapper.from(model).maxPixels(50_000_000).build();
    }
}
