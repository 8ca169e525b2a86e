package palindrome.train;

import java.io.IOException;
import palindrome.model.SchedulerConfig;

/** What a run trains: a denoiser over parameters of its own, and how the result is shipped. */
interface TrainedDenoiser extends AutoCloseable {

    /** @return what the run keeps */
    TrainedParameters parameters();

    /** @return the denoiser over the weights as they are being trained */
    Denoiser live();

    /** @return the denoiser over the moving average of the weights, which is what is shipped */
    Denoiser averaged();

    /** @return how it reads captions */
    CaptionEncoder captions();

    /** @return its noise levels and what it predicts */
    SchedulerConfig scheduler();

    /**
     * Writes the averaged weights as the plugin opens them.
     *
     * @throws IOException if they cannot be written
     */
    void export() throws IOException;

    @Override
    void close();
}
