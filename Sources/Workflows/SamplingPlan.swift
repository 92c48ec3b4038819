import Atomistics
import Potentials

/// Which frames are made of which structure.
struct SamplingPlan {
  private(set) var tasks: [SampleTask] = []
  /// What was asked for and does not suit a structure.
  private(set) var remarks: [String] = []
  private let settings: SamplingSettings
  /// The digest of what decides the calculator's numbers; nil without one.
  private let calculator: String?

  /// - Throws: `WorkflowsError.badSampling` where nothing is left to be made.
  init(_ sources: [SampleSource], _ settings: SamplingSettings, calculator: String?) throws {
    self.settings = settings
    self.calculator = calculator
    for source in sources {
      for kind in kinds(for: source) {
        for recipe in recipes(kind) {
          tasks.append(
            try SampleTask(
              recipe, of: source, seed: settings.seed,
              relaxed: settings.relaxes && source.isCrystal, calculator: calculator))
        }
      }
    }
    guard !tasks.isEmpty else {
      throw WorkflowsError.badSampling(
        "no frames can be made of these structures: \(remarks.joined(separator: "; "))")
    }
  }

  /// Those that were asked for, or what suits the structure.
  private mutating func kinds(for source: SampleSource) -> [SampleKind] {
    guard settings.kinds.isEmpty else {
      return settings.kinds.filter { kind in
        guard let trouble = trouble(kind, source) else { return true }
        remarks.append("\(source.label) \(trouble): no \(kind.rawValue) of it")
        return false
      }
    }
    let crystal: [SampleKind] = [.rattled, .eos, .stretched, .dynamics]
    let wanted = source.isCrystal ? crystal : [calculator == nil ? .rattled : .contacts]
    return wanted.filter {
      (calculator != nil || !$0.needsCalculator) && trouble($0, source) == nil
    }
  }

  /// Why a kind does not suit a structure.
  private func trouble(_ kind: SampleKind, _ source: SampleSource) -> String? {
    switch kind {
    case .rattled: return nil
    case .eos, .dynamics, .mixtures: return source.isCrystal ? nil : "is no crystal"
    case .stretched:
      let bodies = RigidCluster.all(in: source.structure, of: settings.clusters)
      return bodies.isEmpty ? "has no whole cluster" : nil
    case .contacts:
      return source.isCrystal && settings.kinds != [.contacts] ? "has no sides" : nil
    }
  }

  private func recipes(_ kind: SampleKind) -> [any SampleRecipe] {
    let s = settings
    let cell = SampleCell(distance: s.distance, maximumAtoms: s.maximumAtoms)
    switch kind {
    case .rattled:
      return [
        RattledCrystals(
          count: s.rattles, displacements: s.displacements, deviator: s.deviator,
          dilation: s.dilation, clusters: s.clusters, cell: cell, closest: s.closest)
      ]
    case .eos:
      return [EquationOfState(change: s.volumeChange, count: s.volumes, closest: s.closest)]
    case .stretched:
      return [
        StretchedClusters(
          stretches: s.stretches, clusters: s.clusters, cell: cell, closest: s.closest)
      ]
    case .dynamics:
      return trajectories([300, 600, 1000]).map {
        ThermalCrystals(
          temperature: $0, number: $1, equilibration: s.equilibration, duration: s.duration,
          dynamics: dynamics, cell: cell)
      }
    case .mixtures: return mixtures(cell)
    case .contacts:
      return trajectories([300, 600]).enumerated().map { k, run in
        ContactSampling(
          temperature: run.0, number: run.1, isFirst: k == 0, duration: s.duration,
          dynamics: dynamics)
      }
    }
  }

  private func mixtures(_ cell: SampleCell) -> [any SampleRecipe] {
    let s = settings
    return s.metalPerUnit.flatMap { metal in
      (1...s.repetitions).map { number in
        ElectrolyteMixtures(
          metal: s.metal, metalPerUnit: metal, number: number, melt: s.melt, end: s.end,
          meltTime: s.meltTime, quenchTime: s.quenchTime, endTime: s.endTime, dynamics: dynamics,
          cell: cell, clusters: s.clusters)
      }
    }
  }

  private var dynamics: SampledDynamics {
    SampledDynamics(
      timestep: settings.timestep, interval: settings.interval,
      largestForce: settings.largestForce, closest: settings.closest)
  }

  /// Each temperature with each repetition.
  private func trajectories(_ usual: [Double]) -> [(Double, Int)] {
    (settings.temperatures ?? usual).flatMap { t in (1...settings.repetitions).map { (t, $0) } }
  }
}

extension SampleKind {
  var needsCalculator: Bool { [.dynamics, .mixtures, .contacts].contains(self) }
}
