package palindrome.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** EDICT as the BELM authors ported it: x always goes first. */
final class SidedEdict implements ReversibleMethod {

    private final Edict edict;

    SidedEdict(final double mixing) {
        edict = new Edict(mixing);
    }

    @Override
    public CouplingProgram program(final NodeGrid grid) {
        final CouplingProgram alternating = edict.program(grid);
        final List<Coupling> couplings = new ArrayList<>(alternating.couplings());
        for (int k = 0; k < couplings.size(); k += 4)
            if (couplings.get(k).target() == 1) {
                final Coupling first = couplings.get(k);
                couplings.set(k, couplings.get(k + 1));
                couplings.set(k + 1, first);
            }
        return new CouplingProgram(
                couplings,
                alternating.fromNoise(),
                alternating.fromImage(),
                alternating.noisyNodes(),
                alternating.cleanNodes());
    }

    @Override
    public String name() {
        return "EDICT, x first";
    }

    @Override
    public int minimumSteps() {
        return 1;
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return edict.parameters(grid);
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        return List.of();
    }

    @Override
    public String remedy(final NodeGrid grid, final double share) {
        return edict.remedy(grid, share);
    }
}
