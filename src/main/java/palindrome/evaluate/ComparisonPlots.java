package palindrome.evaluate;

import ij.ImagePlus;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The pictures of a comparison. */
final class ComparisonPlots {

    /** Where a logarithmic axis shows an error of exactly zero: under all that rounding leaves. */
    private static final double ZERO = 1e-18;

    private static final List<String> COMPARED_OVER_GUIDANCE = List.of("rms", "alternation");

    private final Comparison comparison;

    ComparisonPlots(final Comparison comparison) {
        this.comparison = comparison;
    }

    /** @return those of which something was measured; ImageJ shows them as the plots they are */
    Map<ComparisonFigure, ImagePlus> images() {
        final Map<ComparisonFigure, ImagePlus> images = new EnumMap<>(ComparisonFigure.class);
        if (!comparison.roundTrips().isEmpty()) images.put(ComparisonFigure.ROUND_TRIPS, roundTrips());
        if (!comparison.odeErrors().isEmpty()) {
            images.put(
                    ComparisonFigure.OVER_EVALUATIONS,
                    accuracy("Distance to the ODE over evaluations", "Network evaluations", OdeError::evaluations));
            images.put(
                    ComparisonFigure.OVER_SECONDS,
                    accuracy("Distance to the ODE over seconds", "Seconds", OdeError::seconds));
        }
        if (!comparison.overGamma().isEmpty()) images.put(ComparisonFigure.OVER_GAMMA, overGamma());
        if (!comparison.overGuidance().isEmpty()) images.put(ComparisonFigure.OVER_GUIDANCE, overGuidance());
        return images;
    }

    private ImagePlus roundTrips() {
        final LinePlot plot =
                new LinePlot("Round-trip error", "Steps", "Largest error (0 drawn at " + ZERO + ")", false, true);
        grouped(
                        comparison.roundTrips(),
                        trip -> trip.setup().choice() + ", "
                                + trip.setup().arithmetic().name().replaceFirst(",.*", ""))
                .forEach((label, trips) -> plot.add(
                        label,
                        trips.stream()
                                .map(trip -> new double[] {
                                    trip.setup().steps(),
                                    Math.max(ZERO, trip.error().max())
                                })
                                .toList()));
        return plot.toPlot().getImagePlus();
    }

    private ImagePlus overGamma() {
        final LinePlot plot = new LinePlot("Latent health over gamma", "Gamma of BDIA", "Health", false, true);
        for (final String number : comparison.overGamma().get(0).numbers().keySet())
            plot.add(
                    number,
                    comparison.overGamma().stream()
                            .map(health -> new double[] {
                                health.gamma(), Math.abs(health.numbers().get(number))
                            })
                            .toList());
        return plot.toPlot().getImagePlus();
    }

    private ImagePlus overGuidance() {
        final LinePlot plot = new LinePlot("Latent health over guidance", "Guidance", "Health", false, true);
        for (final String number : COMPARED_OVER_GUIDANCE)
            grouped(comparison.overGuidance(), health -> health.setup().choice() + ", " + number)
                    .forEach((label, healths) -> plot.add(
                            label,
                            healths.stream()
                                    .map(health -> new double[] {
                                        health.guidance(), health.numbers().getOrDefault(number, Double.NaN)
                                    })
                                    .toList()));
        return plot.toPlot().getImagePlus();
    }

    private ImagePlus accuracy(final String title, final String xLabel, final Function<OdeError, Number> x) {
        final LinePlot plot = new LinePlot(title, xLabel, "RMS distance", true, true);
        grouped(comparison.odeErrors(), error -> error.setup().choice().label())
                .forEach((label, errors) -> plot.add(
                        label,
                        errors.stream()
                                .map(error -> new double[] {x.apply(error).doubleValue(), error.rms()})
                                .toList()));
        return plot.toPlot().getImagePlus();
    }

    private static <T> Map<String, List<T>> grouped(final List<T> values, final Function<T, String> label) {
        return values.stream().collect(Collectors.groupingBy(label, LinkedHashMap::new, Collectors.toList()));
    }
}
