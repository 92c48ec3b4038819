import Analysis
import ArgumentParser
import Atomistics
import FileFormats
import Workflows

/// `interphase analyze charges`: the mean charge of a species by layer and time, as in Fig. 5.
struct AnalyzeCharges: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "charges",
    abstract: "Mean charge of a species by layer and time (Fig. 5 of the paper).",
    discussion: """
      Charges come from a column of the trajectory, from one file a frame (ACF.dat of the program \
      bader, or what 'interphase bader --json' printed), or, while there is no density, as formal \
      oxidation states counted from bonds. What kind of charge it is stands in every title and is \
      never guessed: where the source does not say it, --kind has to.

      Layers count from the contact plane, above zero in the electrolyte, where the trajectory or \
      --structure says which atom came from which side; else from the plane of a and b.

      Examples:
        interphase analyze charges contact.extxyz.gz --species P --from-bonds --map front.svg
        interphase analyze charges run.extxyz --species P --column bader_charge --json
        interphase analyze charges run.extxyz --species P --charges ACF-*.dat \
      --valence-electrons Li=3,P=5,S=6,Cl=7 -o charges.csv

      More: Documentation/Charges.md
      """)

  @OptionGroup var frames: TrajectoryOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup var source: ChargeSourceOptions

  @Option(help: "The element, e.g. P.")
  var species: String

  @Option(help: "The thickness of a layer.")
  var layer = "2 Å"

  @Option(help: "How many time bins there are at most; more frames are merged evenly.")
  var timeBins = 100

  @Option(help: "Draw the change since the first time bin as a map, e.g. map.svg.")
  var map: String?

  @Flag(help: "With --map: draw the values, not their change.")
  var value = false

  func validate() throws {
    guard map != nil || !value else { throw ValidationError("--value goes with --map") }
  }

  func run() throws {
    guard let element = Element(species) else {
      throw AtomisticsError.unknownElement(species, context: "in --species")
    }
    var charges = try AtomCharges(of: element, source, trajectory: frames.trajectory)
    var analysis: LayerChargeMap?
    let thickness = try Quantity.length(layer)
    try frames.forEachFrame(needsTimes: true, columns: charges.columns, common) { frame in
      guard let numbers = try charges.next(frame) else { return }
      if analysis == nil {
        analysis = try LayerChargeMap(
          element, kind: numbers.kind, layerThickness: thickness, timeBins: timeBins)
      }
      try analysis?.consume(frame, charges: numbers.values)
    }
    try charges.checkEnd()
    guard let analysis else { throw AnalysisError.noFrames }
    let output = ChargesOutput(try analysis.result(), charges)
    for warning in output.warnings { common.say("interphase: \(warning)") }
    if let path = common.output { try output.table().write(to: path) }
    if let map {
      let figure = LayerChargeFigure(
        [(name: "", charges: output.charges)], quantity: value ? .value : .change)
      let files = try figure.write(to: map, besides: common.output)
      common.say("drawn: \(files.joined(separator: ", "))")
    }
    if common.json { try common.printJSON(output) } else { print(output.summary()) }
  }
}

/// Where the charges come from.
struct ChargeSourceOptions: ParsableArguments {
  @Option(help: "The trajectory's column that holds the charges, e.g. bader_charge.")
  var column: String?

  @Option(
    name: [.customLong("charges"), .customLong("bader")], parsing: .upToNextOption,
    help: "One file a frame, in order: ACF.dat, or what 'interphase bader --json' printed.")
  var charges: [String] = []

  @Flag(help: "Count formal oxidation states from bonds (octet rule); no charges.")
  var fromBonds = false

  @Option(help: "The kind of charge, where the source does not say it.")
  var kind: String?

  @Option(help: "Of the neutral atoms, for ACF.dat of a valence density: Li=3,P=5,...")
  var valenceElectrons: String?

  @Flag(name: .customLong("all-electron"), help: "ACF.dat counts all electrons.")
  var isAllElectron = false

  @Option(help: "With --from-bonds: the more electronegative partners, e.g. S,O (default: all).")
  var ligands: String?

  @Option(help: "With --from-bonds: within what length atoms are bonded, e.g. \"P-S=2.9 Å\".")
  var bond: [String] = []

  func validate() throws {
    let sources = [column != nil, !charges.isEmpty, fromBonds].filter { $0 }.count
    guard sources <= 1 else {
      throw ValidationError("give one of --column, --charges and --from-bonds")
    }
    guard fromBonds || (ligands == nil && bond.isEmpty) else {
      throw ValidationError("--ligands and --bond go with --from-bonds")
    }
    guard !fromBonds || kind == nil else {
      throw ValidationError(
        "--kind is for charges; --from-bonds counts formal oxidation states, which are none")
    }
    guard !charges.isEmpty || (valenceElectrons == nil && !isAllElectron) else {
      throw ValidationError("--valence-electrons and --all-electron go with --charges")
    }
    guard valenceElectrons == nil || !isAllElectron else {
      throw ValidationError("give --valence-electrons or --all-electron, not both")
    }
  }
}
