package palindrome.image;

import ij.gui.Roi;
import ij.macro.Interpreter;
import ij.plugin.frame.RoiManager;
import java.util.Arrays;
import java.util.List;

/** What the ROI Manager lists. */
final class ListedRois {

    private ListedRois() {}

    /** Those that are selected in it, or all where none is; none where there is no ROI Manager. */
    static List<Roi> current() {
        // NB: to ask for the one of batch mode makes one, which fails without a display.
        RoiManager manager = RoiManager.getRawInstance() != null || Interpreter.isBatchModeRoiManager()
                ? RoiManager.getInstance2()
                : null;
        return manager == null ? List.of() : Arrays.asList(manager.getSelectedRoisAsArray());
    }
}
