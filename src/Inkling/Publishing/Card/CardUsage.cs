using System.Text.Json.Nodes;
using Inkling.Packages;
using Inkling.Preprocessing;
using Inkling.Serialization;

namespace Inkling.Publishing.Card;

/// <summary>How to use the model. Every snippet is run by a test against a real package, as it stands.</summary>
internal static class CardUsage
{
    internal static string Write(CardFacts facts) => $$"""
        ## How to use it

        {{Input(facts)}}

        The snippets run beside a copy of this repository in a folder `{{facts.Folder}}`. Where a library takes the name of a model, a name on the Hub
        does as well.

        C#, with the package `Inkling`:

        ```csharp
        using Inkling;

        using ImageClassifier classifier = await ImageClassifier.LoadAsync("{{facts.Name}}");
        Prediction prediction = classifier.Predict("{{facts.Picture}}");
        Console.WriteLine(prediction.Label);
        ```

        {{Transformers(facts)}}Python, with ONNX Runtime and nothing to prepare:

        ```python
        import numpy
        import onnxruntime
        from PIL import Image

        session = onnxruntime.InferenceSession("{{facts.Folder}}/{{PackageFiles.OnnxWithPreprocessing}}")
        image = Image.open("{{facts.Picture}}").convert("{{(IsGrey(facts) ? "L" : "RGB")}}")
        probabilities, label = session.run(["probabilities", "label"], {"images": numpy.asarray(image)[None]})
        print({{Labels(facts)}}[label[0]])
        ```

        """;

    private static string Input(CardFacts facts)
    {
        JsonNode model = facts.Metrics["model"]!;
        string size = $"{model["image_height"]}×{model["image_width"]}";
        return $"`{PackageFiles.OnnxWithPreprocessing}` takes raw bytes as they are in the dataset, any number of {(IsGrey(facts) ? "grey" : "coloured")} images of "
            + $"{size}. The other ways take pictures of any size, which they scale to {facts.Config.Height}×{facts.Config.Width}"
            + (IsDigits(facts)
                ? ". Pictures have to look like the dataset's: light on black, the digit filling about two thirds and in the middle. Inkling's own "
                    + "`predict` and C# class make photographs and drawings look so; the other libraries don't."
                : ".");
    }

    private static string Transformers(CardFacts facts) => facts.ResNet is null ? "" : $$"""
        Python, with `transformers`:

        ```python
        from transformers import pipeline

        classify = pipeline("image-classification", model="{{facts.Name}}")
        print(classify("{{facts.Picture}}")[0]["label"])
        ```

        JavaScript, with `@huggingface/transformers`, in Node:

        ```js
        import { pipeline } from '@huggingface/transformers';

        const classify = await pipeline('image-classification', '{{facts.Name}}');
        const [best] = await classify('{{facts.Picture}}');
        console.log(best.label);
        ```

        In a browser, once the model is on the Hub; the picture never leaves the page:

        ```html
        <input type="file" id="picture" accept="image/*"> <output id="label"></output>
        <script type="module">
        import { pipeline } from 'https://cdn.jsdelivr.net/npm/@huggingface/transformers@4.3.1';

        const classify = await pipeline('image-classification', '{{facts.Name}}');
        picture.onchange = async () => {
            const [best] = await classify(URL.createObjectURL(picture.files[0]));
            label.textContent = best.label;
        };
        </script>
        ```


        """;

    private static bool IsGrey(CardFacts facts) => facts.Lock.Recipe.Input.Channels == 1;

    private static bool IsDigits(CardFacts facts) => facts.Lock.Recipe.Input.Framing == Framing.Digit;

    private static string Labels(CardFacts facts) => CanonicalJson.WriteLine(JsonForm.List(JsonForm.Text).Write(facts.Config.Classes));
}
