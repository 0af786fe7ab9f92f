namespace Inkling.Verification;

/// <summary>How far a rebuilt model is the published one; a better grade has a larger number.</summary>
public enum VerificationGrade
{
    /// <summary>Nothing could be compared: the data is missing, or the lock needs another numeric contract.</summary>
    CannotVerify,

    /// <summary>The rebuild gives another model, or the package contradicts itself.</summary>
    Different,

    /// <summary>The rebuilt model's test accuracy lies in the published 95 % interval.</summary>
    Metrics,

    /// <summary>It gives every test image the same label.</summary>
    Predictions,

    /// <summary>It has the same bytes.</summary>
    Bytes,
}
