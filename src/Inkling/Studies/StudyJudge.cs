namespace Inkling.Studies;

/// <summary>What a study judges its seeds by.</summary>
public enum StudyJudge
{
    /// <summary>The validation images, for choosing: the test images stay sealed and nothing is packaged.</summary>
    Validation,

    /// <summary>The test images, for the last word: each seed leaves a package, whose lock counts the one opening.</summary>
    Test,
}
