package com.example;

import java.io.IOException;
import java.util.Optional;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.exception.PhotoException;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

@RestController
record ExplainController(ClassActivationMapper mapper) {

    record Answer(Prediction best, Optional<BoundingBox> box) {}

    @PostMapping("/explain")
    Answer explain(@RequestParam MultipartFile photo) throws IOException {
        Explanation explanation = mapper.explain(photo.getBytes(), photo.getOriginalFilename());
        return new Answer(explanation.prediction(), Localizer.paper().box(explanation.map()));
    }

    @PostMapping(path = "/overlay", produces = "image/png")
    byte[] overlay(@RequestParam MultipartFile photo) throws IOException {
        return Overlay.of(mapper.explain(photo.getBytes(), photo.getOriginalFilename())).label().png();
    }

    @ExceptionHandler
    ProblemDetail refused(PhotoException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_ENTITY, e.getMessage());
    }
}
