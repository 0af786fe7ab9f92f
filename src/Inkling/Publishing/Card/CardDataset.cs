using Inkling.Data;

namespace Inkling.Publishing.Card;

/// <summary>What a card says about a dataset that people know.</summary>
/// <param name="Title">As it is called.</param>
/// <param name="HubId">On the Hub; null if it isn't there.</param>
/// <param name="Subject">What its pictures show.</param>
/// <param name="Origin">Who made the pictures, and so whom a model knows; a paragraph.</param>
/// <param name="Labels">What others found about its labels, a paragraph; null if nothing is known.</param>
internal sealed record CardDataset(string Title, string? HubId, string Subject, string Origin, string? Labels = null)
{
    // Sources: yann.lecun.com/exdb/mnist; NIST Special Database 19; Xiao et al. 2017, arXiv:1708.07747; for the labels Northcutt,
    // Athalye, Mueller 2021, "Pervasive label errors in test sets", arXiv:2103.14749 (labelerrors.com).
    private static readonly Dictionary<string, CardDataset> Known = new()
    {
        ["mnist"] = new(
            "MNIST",
            "ylecun/mnist",
            "handwritten digits",
            "The digits were written in the United States around 1990, half by employees of the Census Bureau (NIST's Special Database 3) and "
            + "half by high-school students (Special Database 1): some 250 writers for the training images, others for the test images. Digits that are written differently "
            + "elsewhere (a 1 with a long upstroke, a crossed 7, a 9 with a straight stem), by children, by people with a tremor or with "
            + "another tool than a pen are rare or absent, and the model can be expected to be worse at them. Nothing is known about the "
            + "writers as individuals, so no figures by age, sex or origin can be given.",
            "Labels aren't all right: people who looked again at what is doubtful rejected 15 of the 10,000 test labels (Northcutt et al. 2021, "
            + "arXiv:2103.14749). `inkling data check mnist` lists what is doubtful among all 70,000; nothing was corrected here."),
        ["fashion-mnist"] = new(
            "Fashion-MNIST",
            "zalando-datasets/fashion_mnist",
            "pieces of clothing",
            "The pictures are a European shop's product photographs, reduced to 28×28 grey pixels. Clothes as they are worn, other shops' "
            + "photographs and other fashions are not among them."),
    };

    internal static CardDataset Named(string name) => Known.GetValueOrDefault(name) ?? new CardDataset(
        DatasetName.Short(name),
        DatasetName.HubId(name),
        "pictures like its training images",
        "The model knows what its training images showed and how they were taken. Who made them, and whom or what they leave out, is for "
        + "whoever publishes the model to say.");
}
