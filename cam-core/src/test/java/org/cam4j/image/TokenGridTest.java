package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;

/** Tokens, windows and shuffles as the cells of the image that they are. */
class TokenGridTest {

    private final PlanBuilder plan = new PlanBuilder(new Shape(12, 20, 3));

    /** Patches of 4x4 pixels: 3 rows and 5 columns of 6 channels. */
    private int patches() {
        Window window = new Window(4, 4, 4, 4, 1, 1, Padding.NONE);
        return plan.add(
                "patches",
                new Convolution(window, 3, 6, 1, new float[6 * 3 * 16], new float[6], false, Activation.IDENTITY),
                InferencePlan.INPUT);
    }

    private int tokens() {
        return plan.add("tokens", new Reshape(new Shape(15, 6)), patches());
    }

    private int withClassToken() {
        int tokens = tokens();
        int one = plan.add("one", new Slice(0, 0, 1), tokens);
        int token = plan.add("class", Dense.of(new float[36], new float[6], Activation.IDENTITY), one);
        return plan.add("joined", new Concatenate(0), token, tokens);
    }

    private Optional<TokenGrid> grid(int features) {
        return ReceptiveFields.tokens(Plans.features(plan, features));
    }

    @Test
    void patchesAreTokensRowByRow() {
        assertThat(grid(tokens())).contains(new TokenGrid(3, 5, 0));
    }

    @Test
    void aClassTokenStandsBeforeThem() {
        assertThat(grid(withClassToken())).contains(new TokenGrid(3, 5, 1));
    }

    @Test
    void embeddingsOfAPlaceAreAddedToAVectorOfAllTokens() {
        int vector = plan.add("vector", new Reshape(new Shape(96)), withClassToken());
        assertThat(grid(plan.add("tokens again", new Reshape(new Shape(16, 6)), vector)))
                .contains(new TokenGrid(3, 5, 1));
    }

    @Test
    void attentionLeavesTokensWhereTheyAre() {
        int joined = withClassToken();
        int heads = plan.add("heads", new Reshape(new Shape(16, 2, 3)), joined);
        int queries = plan.add("queries", Transpose.of(1, 0, 2), heads);
        int shares = plan.add("softmax", new Softmax(), plan.add("scores", new MatMul(true), queries, queries));
        int mixed = plan.add("mixed", Transpose.of(1, 0, 2), plan.add("values", new MatMul(false), shares, queries));
        int together = plan.add("together", new Reshape(new Shape(16, 6)), mixed);
        assertThat(grid(plan.add("sum", new Elementwise(Elementwise.Kind.ADD), joined, together)))
                .contains(new TokenGrid(3, 5, 1));
    }

    @Test
    void tokensBehindTheClassTokenAreTheImageAgain() {
        int cells = plan.add("cells", new Slice(0, 1, 15), withClassToken());
        int image = plan.add("image", new Reshape(new Shape(3, 5, 6)), cells);
        assertThat(ReceptiveFields.placement(Plans.features(plan, image))).isEqualTo(MapPlacement.whole(12, 20));
    }

    @Test
    void theClassTokenAloneHasNoCells() {
        assertThat(grid(plan.add("token", new Slice(0, 0, 1), withClassToken())))
                .isEmpty();
        assertThat(grid(plan.add("turned", Transpose.of(1, 0), tokens()))).isEmpty();
    }

    @Test
    void windowsThatArePutTogetherAgainAreTheImage() {
        PlanBuilder windows = new PlanBuilder(new Shape(6, 8, 3));
        int apart = windows.add("apart", new Reshape(new Shape(3, 2, 4, 6)), InferencePlan.INPUT);
        int turned = windows.add("turned", Transpose.of(0, 2, 1, 3), apart);
        int tokens = windows.add("windows", new Reshape(new Shape(12, 4, 3)), turned);
        int back = windows.add("back", new Reshape(new Shape(3, 4, 2, 6)), tokens);
        int image = windows.add(
                "image", new Reshape(new Shape(6, 8, 3)), windows.add("turned back", Transpose.of(0, 2, 1, 3), back));
        assertThat(ReceptiveFields.placement(Plans.features(windows, image))).isEqualTo(MapPlacement.whole(6, 8));
    }

    @Test
    void blocksThatBecomeChannelsAreCellsOfTheirSize() {
        PlanBuilder blocks = new PlanBuilder(new Shape(6, 8, 3));
        int apart = blocks.add("apart", new Reshape(new Shape(3, 2, 4, 6)), InferencePlan.INPUT);
        int turned = blocks.add("turned", Transpose.of(0, 2, 1, 3), apart);
        int deep = blocks.add("deep", new Reshape(new Shape(3, 4, 12)), turned);
        assertThat(ReceptiveFields.placement(Plans.features(blocks, deep))).isEqualTo(MapPlacement.whole(6, 8));
    }
}
