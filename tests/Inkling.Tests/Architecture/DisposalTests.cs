using System.Reflection;
using Inkling.Engine;
using Inkling.Hub;
using Inkling.Imaging;
using Inkling.Packages;
using Inkling.Publishing;
using Inkling.Publishing.Files;
using Inkling.Studies;
using Inkling.Tests.Engine.Support;
using Inkling.Tests.Support;
using Inkling.Training;
using Inkling.Verification;

namespace Inkling.Tests.Architecture;

/// <summary>
/// What is used after its end throws, whatever thread it happens on: native memory must never be read or written once it is freed.
/// </summary>
public sealed class DisposalTests
{
    private const int Classes = 3;
    private const int Images = 8;

    private static readonly Shape Shape = new(1, 12, 12);
    private static readonly int[] All = [.. Enumerable.Range(0, Images)];
    private static readonly SyntheticImages Noise = SyntheticImages.Random(Shape, Images, Classes, seed: 101);

    private static readonly Network Network = new(
        Shape, [new ConvolutionSpec("a", 16, 3, 1, 1), new BatchNormSpec("n"), new ReluSpec(), new FlattenSpec(), new LinearSpec(
            "b", Classes)]);

    /// <summary>Files and locks, no native memory.</summary>
    private static readonly Type[] WithoutNativeMemory = [typeof(PackageFolder), typeof(RunFolder), typeof(SeedStudy)];

    private static readonly Owner[] Owners =
    [
        new Owner<WorkerTeam>(() => new WorkerTeam(2))
        {
            ["Run(Int32, Action)"] = team => team.Run(1, (_, _) => { }),
            ["Size"] = null,
        },
        new Owner<NetworkWeights>(() => Network.Initialize(seed: 102))
        {
            ["Get(Parameter)"] = weights => weights.Get(Network.Parameters[0]),
            ["Set(Parameter, ReadOnlySpan)"] = weights => weights.Set(Network.Parameters[1], new float[16]),
            ["For(Network)"] = weights => weights.For(Network),
            ["Network"] = null,
        },
        OfOptimizer(() => new Sgd(Network, momentum: 0, nesterov: false, weightDecay: 0)),
        OfOptimizer(() => new AdamW(Network, 0.9f, 0.99f, 1e-8f, weightDecay: 0)),
        OfOptimizer(() => new Muon(Network, momentum: 0.9f, weightDecay: 0, filterRate: 0.2f)),
        new Owner<Predictor>(() => new Predictor(Network.Initialize(seed: 102), new WorkerTeam(1)))
        {
            ["Predict(IImageSource, ReadOnlyMemory, Memory)"] = predictor => predictor.Predict(Noise, All, new float[Images * Classes]),
            ["Predict(IImageSource, ReadOnlyMemory, Memory, Memory)"] = predictor => predictor.Predict(
                Noise, All, new float[Images * Classes], default),
        },
        new Owner<Trainer>(
            () => TrainerOf(Network.Initialize(seed: 102), new Sgd(Network, 0, nesterov: false, weightDecay: 0), new WorkerTeam(1)))
        {
            ["Step(IImageSource, Int32, ReadOnlyMemory, Double)"] = trainer => trainer.Step(Noise, 0, All, 0.1),
            ["Step(IImageSource, Int32, ReadOnlyMemory, Double, NetworkWeights, Double)"] = trainer => trainer.Step(
                Noise, 0, All, 0.1, null, 0),
            ["EstimateStatistics(NetworkWeights, IImageSource, Int32, ReadOnlyMemory)"] =
                trainer => trainer.EstimateStatistics(trainer.Weights, Noise, 0, All),
            ["ChunkGradient(Int32, Parameter)"] = trainer => trainer.ChunkGradient(0, Network.Parameters[0]),
            ["ChunkLosses"] = null,
            ["Steps"] = null,
            ["Weights"] = null,
        },
        new Owner<ImageClassifier>(() => ImageClassifier.Load(Repository.Path("models/default")))
        {
            ["Predict(String)"] = classifier => classifier.Predict("absent.png"),
            ["Predict(DecodedImage)"] = classifier => classifier.Predict(new DecodedImage(1, 1, 1, [0])),
            ["Classes"] = null,
        },
        new Owner<ModelPackage>(() => ModelPackage.Open(Repository.Path("models/default")))
        {
            ["Weights"] = package => package.Weights.Get(package.Weights.Network.Parameters[0]),
            ["Path"] = null,
            ["Input"] = null,
            ["Classes"] = null,
            ["Normalization"] = null,
            ["Calibration"] = null,
        },
        new Owner<TrainedPackage>(() => TrainedPackage.Open(Repository.Path("models/default")))
        {
            ["Weights"] = package => package.Weights.Get(package.Weights.Network.Parameters[0]),
            ["Path"] = null,
            ["Lock"] = null,
            ["Classes"] = null,
            ["Normalization"] = null,
            ["Calibration"] = null,
        },
        new Owner<TrainedModel>(() => new TrainedModel
        {
            Weights = Network.Initialize(seed: 102), WeightsFile = [], Recipe = null!, Seed = 0, Normalization = null!, Split = null!,
            InitialHash = "",
            Epochs = [], Steps = 0, ChunksPerStep = 1, ChunkLosses = [], Seconds = 0, ImagesPerSecond = 0,
        })
        {
            ["Weights"] = model => model.Weights.Get(Network.Parameters[0]),
            ["WeightsFile"] = null,
            ["Recipe"] = null,
            ["Seed"] = null,
            ["Normalization"] = null,
            ["Split"] = null,
            ["InitialHash"] = null,
            ["Epochs"] = null,
            ["Steps"] = null,
            ["ChunksPerStep"] = null,
            ["ChunkLosses"] = null,
            ["Seconds"] = null,
            ["ImagesPerSecond"] = null,
            ["Equals(TrainedModel)"] = null,
        },
        new Owner<AttestationKey>(NewKey)
        {
            ["Id"] = key => _ = key.Id,
            ["PublicKey"] = key => _ = key.PublicKey,
        },
    ];

    [Fact]
    public void PublicDisposables_OfEveryLibrary_AreAllHere()
    {
        Type[] oneOfEach = [typeof(Network), typeof(ImageClassifier), typeof(HubException), typeof(TrainedModel)];
        IEnumerable<Type> types = oneOfEach.Select(type => type.Assembly)
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IDisposable)))
            .Except(WithoutNativeMemory);

        Assert.Equal(types.Select(type => type.Name).Order(), Owners.Select(owner => owner.Type.Name).Order());
    }

    [Fact]
    public void PublicMembers_OfADisposable_AreAllHere() => Assert.All(
        Owners, owner => Assert.Equal(PublicMembers(owner.Type).Order(), owner.Members.Order()));

    [Fact]
    public void AnyMember_AfterDispose_Throws() => Assert.All(Owners, owner => owner.AssertThrowsAfterDispose());

    [Fact]
    public void Dispose_Twice_DoesNothing() => Assert.All(Owners, owner => owner.DisposeTwice());

    [Fact]
    public void Use_AfterWhatItStandsOnIsGone_Throws()
    {
        (NetworkWeights weights, WorkerTeam team, Sgd optimizer) = (Network.Initialize(seed: 102), new WorkerTeam(2), new Sgd(
            Network, 0, false, 0));
        using NetworkWeights view = weights.For(Network);
        using var predictor = new Predictor(weights, team);
        using Trainer trainer = TrainerOf(weights, optimizer, team);
        Action[] uses =
        [
            () => predictor.Predict(Noise, All, new float[Images * Classes]),
            () => trainer.Step(Noise, 0, All, 0.1),
        ];

        team.Dispose();
        Assert.All(uses, use => Assert.Throws<ObjectDisposedException>(use));
        optimizer.Dispose();
        weights.Dispose();
        Assert.All(uses, use => Assert.Throws<ObjectDisposedException>(use));
        Assert.Throws<ObjectDisposedException>(() => view.Get(Network.Parameters[0]));
        Assert.Throws<ObjectDisposedException>(() => new Predictor(weights, team));
    }

    [Theory]
    [InlineData("predictor", 60)]
    [InlineData("weights", 60)]
    [InlineData("team", 60)]
    [InlineData("predictor", 10_000, Explicit = true)]
    [InlineData("weights", 10_000, Explicit = true)]
    [InlineData("team", 10_000, Explicit = true)]
    public void Predict_WhileSomethingIsDisposedOf_AnswersRightlyOrThrows(string what, int rounds)
    {
        float[] expected = new float[Images * Classes];
        using (NetworkWeights weights = Network.Initialize(seed: 102))
        using (var team = new WorkerTeam(1))
        using (var predictor = new Predictor(weights, team))
        {
            predictor.Predict(Noise, All, expected);
        }

        for (int round = 0; round < rounds; round++)
        {
            using NetworkWeights weights = Network.Initialize(seed: 102);
            using var team = new WorkerTeam(2);
            using var predictor = new Predictor(weights, team, chunkSize: 1 + round % 8);
            IDisposable ending = what switch { "predictor" => predictor, "weights" => weights, _ => team };
            UntilItEnds(
                answers =>
                {
                    predictor.Predict(Noise, All, answers);
                    Numbers.AssertSameBits(expected, answers, $"round {round}");
                },
                ending,
                delay: round * 37 % 400);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000, Explicit = true)]
    public void Predict_WhileAClassifierIsDisposedOf_AnswersRightlyOrThrows(int rounds)
    {
        var picture = new DecodedImage(30, 30, 1, [.. Enumerable.Range(0, 900).Select(i => (byte)(i % 30 is > 12 and < 18 ? 0 : 255))]);
        Prediction expected;
        using (var classifier = ImageClassifier.Load(Repository.Path("models/default")))
        {
            expected = classifier.Predict(picture);
        }

        for (int round = 0; round < rounds; round++)
        {
            using var classifier = ImageClassifier.Load(Repository.Path("models/default"));
            UntilItEnds(_ => Assert.Equal(expected.Ranking, classifier.Predict(picture).Ranking), classifier, delay: round * 1_037 % 9_000);
        }
    }

    /// <summary>Several threads do something over and over, until one of what they use ends.</summary>
    private static void UntilItEnds(Action<float[]> act, IDisposable ending, int delay) => AtOnce.Run(4, thread =>
    {
        if (thread == 0)
        {
            Thread.SpinWait(delay);
            ending.Dispose();
            return;
        }

        float[] answers = new float[Images * Classes];
        Assert.Throws<ObjectDisposedException>(ActForEver);

        void ActForEver()
        {
            while (true)
            {
                act(answers);
            }
        }
    });

    private static AttestationKey NewKey()
    {
        using var folder = new TemporaryFolder();
        return AttestationKey.ReadOrCreate(folder["key.pem"]);
    }

    private static Owner<T> OfOptimizer<T>(Func<T> create)
        where T : Optimizer => new(create)
        {
            ["GetState(Int32, Parameter)"] = optimizer => optimizer.GetState(0, Network.Parameters[0]),
            ["SetState(Int32, Parameter, ReadOnlySpan)"] = optimizer => optimizer.SetState(0, Network.Parameters[1], new float[16]),
            ["StateCount"] = null,
        };

    private static Trainer TrainerOf(NetworkWeights weights, Optimizer optimizer, WorkerTeam team) =>
        new(weights, optimizer, team, new TrainerOptions
    {
        BatchSize = Images,
        ChunkSize = 4,
        Seed = 103,
        Loss = new SoftmaxCrossEntropy(0),
    });

    private static IEnumerable<string> PublicMembers(Type type)
    {
        IEnumerable<string> methods = type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => !method.IsSpecialName && method.Name is not (nameof(IDisposable.Dispose) or "<Clone>$"))
            .Where(method => method.GetBaseDefinition().DeclaringType != typeof(object))
            .Select(method => $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name.Split('`')[0]))})");
        return methods.Concat(type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name));
    }

    /// <summary>A public type that owns native memory, or something that does.</summary>
    private abstract record Owner(Type Type)
    {
        internal abstract IEnumerable<string> Members { get; }

        internal abstract void AssertThrowsAfterDispose();

        internal abstract void DisposeTwice();
    }

    /// <summary>The uses of every public member; null where it touches nothing but managed memory.</summary>
    private sealed record Owner<T>(Func<T> Create) : Owner(typeof(T))
        where T : IDisposable
    {
        private readonly Dictionary<string, Action<T>?> _uses = [];

        internal override IEnumerable<string> Members => _uses.Keys;

        internal Action<T>? this[string member]
        {
            set => _uses.Add(member, value);
        }

        internal override void AssertThrowsAfterDispose()
        {
            T disposed = Create();
            disposed.Dispose();
            foreach ((string member, Action<T>? use) in _uses.Where(entry => entry.Value is not null))
            {
                Exception? thrown = Record.Exception(() => use!(disposed));
                Assert.True(thrown is ObjectDisposedException, $"{Type.Name}.{member} after Dispose: expected ObjectDisposedException, got {thrown?.ToString() ?? "nothing"}");
            }
        }

        internal override void DisposeTwice()
        {
            T disposed = Create();
            disposed.Dispose();
            disposed.Dispose();
        }
    }
}
