import Atomistics
import Dynamics
import Potentials

/// A contact or a slab as it is, with its atoms relaxed, in motion at one temperature, and relaxed from
/// where the motion left it. Nothing is repeated or strained.
///
/// The note `stage` is built, relaxed, dynamics or quenched. The first two come with the first
/// temperature and repetition alone, as a trajectory of their own.
struct ContactSampling: SampleRecipe {
  var temperature: Double
  var number: Int
  /// Whether the contact as built and relaxed is told here.
  var isFirst: Bool
  var duration: Double
  var dynamics: SampledDynamics
  var relaxation = SampledRelaxation()

  var kind: SampleKind { .contacts }
  var variant: String { "\(plain(temperature))K/seed\(number)" }
  var usesCalculator: Bool { true }

  func frames(
    of source: SampleSource, random: inout RandomGenerator, calculator: (any Calculator)?
  ) throws -> SampledFrames {
    guard let calculator else { return SampledFrames() }
    var result = SampledFrames()
    func take(_ structure: Structure?, _ stage: String, _ place: String) {
      guard let structure else { return }
      result.take(
        SampledFrame(
          structure: structure, group: source.contactGroup,
          trajectory: "\(source.name)/\(place)", notes: [("stage", stage)]),
        unlessNearerThan: dynamics.closest)
    }
    let start = try relaxation.relax(source.structure, with: calculator)
    if isFirst {
      take(source.structure, "built", "start")
      take(start, "relaxed", "start")
    }
    guard let start else {
      result.remark = "it could not be relaxed"
      return result
    }
    let run = try dynamics.run(
      start, through: [.init(time: duration, temperature: temperature)], keepingAfter: 0,
      with: calculator, random: random)
    result.frames += run.instants.map {
      var frame = $0.frame(source.contactGroup, "\(source.name)/\(variant)")
      frame.notes.append(("stage", "dynamics"))
      return frame
    }
    result.remark = run.end
    if run.end == nil, let last = run.instants.last {
      take(try relaxation.relax(last.structure, with: calculator), "quenched", variant)
    }
    return result
  }
}
