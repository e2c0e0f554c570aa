// A host on serialport-gsm: gives the PIN, sends a message, shows what comes, a line of JSON each, and ends.
// usage: node serialport_gsm.js PORT PIN NUMBER TEXT

const { Modem } = require("serialport-gsm");

const [port, pin, number, text] = process.argv.slice(2);
const modem = Modem();
const show = (what, value) => console.log(JSON.stringify({ what, value }));

const options = {
  baudRate: 115200,
  pin,
  customInitCommand: "AT+CNMI=2,1,0,1,0",
  incomingSMSIndication: true,
  incomingSMSIndicationDelay: 10,
  autoDeleteOnReceive: true,
};

modem.on("onNewMessage", (message) => {
  show("received", message);
  modem.close(() => process.exit(0));
});

async function work() {
  await modem.initializeModem();
  for (const question of ["getModemSerial", "getOwnNumber", "getNetworkSignal"]) {
    show(question, (await modem[question]()).data);
  }
  modem.sendSMS(number, text, false, (result) => show("sent", result.data.response));
}

modem.on("open", work);
modem.open(port, options, (error) => {
  if (error) throw error;
});
