package palindrome;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the order of the rooms: imports run downwards only. */
class RoomsTest {

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("palindrome");
    }

    @Test
    void importsRunDownwards() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers() //
                .layer("batch")
                .definedBy("palindrome.batch") //
                .layer("ij1")
                .definedBy("palindrome.ij1") //
                .layer("command")
                .definedBy("palindrome.command") //
                .layer("evaluate")
                .definedBy("palindrome.evaluate") //
                .layer("train")
                .definedBy("palindrome.train") //
                .layer("edit")
                .definedBy("palindrome.edit") //
                .layer("guide")
                .definedBy("palindrome.guide") //
                .layer("model")
                .definedBy("palindrome.model") //
                .layer("hub")
                .definedBy("palindrome.model.hub") //
                .layer("network")
                .definedBy("palindrome.network") //
                .layer("sampler")
                .definedBy("palindrome.sampler") //
                .layer("engine")
                .definedBy("palindrome.engine") //
                .layer("image")
                .definedBy("palindrome.image") //
                .whereLayer("batch")
                .mayNotBeAccessedByAnyLayer() //
                .whereLayer("ij1")
                .mayOnlyBeAccessedByLayers("batch") //
                .whereLayer("command")
                .mayOnlyBeAccessedByLayers("batch", "ij1") //
                .whereLayer("train")
                .mayNotBeAccessedByAnyLayer() //
                .whereLayer("evaluate")
                .mayOnlyBeAccessedByLayers("ij1", "command") //
                .whereLayer("edit")
                .mayOnlyBeAccessedByLayers("batch", "ij1", "command", "evaluate") //
                .whereLayer("guide")
                .mayOnlyBeAccessedByLayers("edit", "evaluate", "train") //
                .whereLayer("model")
                .mayOnlyBeAccessedByLayers("hub", "guide", "edit", "evaluate", "train") //
                .whereLayer("hub")
                .mayOnlyBeAccessedByLayers("command", "edit") //
                .whereLayer("network")
                .mayOnlyBeAccessedByLayers("model", "guide", "evaluate", "train") //
                .whereLayer("sampler")
                .mayOnlyBeAccessedByLayers("model", "guide", "edit", "evaluate", "train") //
                .whereLayer("image")
                .mayOnlyBeAccessedByLayers("batch", "ij1", "command", "edit", "evaluate", "train") //
                .check(classes);
    }

    @Test
    void pixelsKnowNothingOfDiffusion() {
        noClasses()
                .that()
                .resideInAPackage("palindrome.image")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "palindrome.edit",
                        "palindrome.guide",
                        "palindrome.sampler",
                        "palindrome.network",
                        "palindrome.model",
                        "palindrome.engine",
                        "palindrome.train",
                        "ai.djl..")
                .check(classes);
    }

    @Test
    void onlyTheEngineTouchesTheMachinery() {
        noClasses()
                .that()
                .resideOutsideOfPackage("palindrome.engine")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl.engine..", "ai.djl.pytorch..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("ai.djl.Model")
                .check(classes);
    }
}
